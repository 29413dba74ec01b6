import type { JsonSchema } from "../api/schema/json-schema.ts";
import { httpRouteSchema } from "./http-route-schema.ts";
import {
  backendReference,
  conditions,
  hostname,
  list,
  listByKey,
  object,
  parentReference,
  portNumber,
  routeStatus,
  text,
  whole,
} from "./schemas.ts";

const group = "gateway.networking.k8s.io";

const listener = object(
  {
    name: text({ minLength: 1 }),
    hostname,
    port: portNumber,
    protocol: text({ minLength: 1 }),
    tls: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    allowedRoutes: {
      ...object({
        namespaces: {
          ...object({
            from: text({ enum: ["All", "Selector", "Same", "None"], default: "Same" }),
            selector: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          }),
          default: { from: "Same" },
        },
        kinds: list(object({ group: text({ default: group }), kind: text() }, ["kind"])),
      }),
      default: { namespaces: { from: "Same" } },
    },
  },
  ["name", "port", "protocol"],
);

const gatewaySchema = object(
  {
    spec: object(
      {
        gatewayClassName: text({ minLength: 1 }),
        listeners: { ...listByKey("name", listener), minItems: 1, maxItems: 64 },
        addresses: list(object({ type: text({ default: "IPAddress" }), value: text() })),
        infrastructure: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
      ["gatewayClassName", "listeners"],
    ),
    status: object({
      addresses: list(object({ type: text(), value: text() }, ["value"])),
      conditions,
      listeners: listByKey(
        "name",
        object(
          {
            name: text(),
            attachedRoutes: whole(),
            supportedKinds: list(object({ group: text(), kind: text() }, ["kind"])),
            conditions,
          },
          ["name", "attachedRoutes", "conditions"],
        ),
      ),
    }),
  },
  ["spec"],
);

const classSchema = object(
  {
    spec: object(
      {
        controllerName: text({ minLength: 1 }),
        description: text(),
        parametersRef: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      },
      ["controllerName"],
    ),
    status: object({
      conditions,
      supportedFeatures: { type: "array", items: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    }),
  },
  ["spec"],
);

const grpcRouteSchema = object(
  {
    spec: object({
      parentRefs: list(parentReference),
      hostnames: list(hostname),
      rules: list({
        ...object({ backendRefs: list(object({ ...backendReference, weight: whole({ default: 1 }) }, ["name"])) }),
        "x-kubernetes-preserve-unknown-fields": true,
      }),
    }),
    status: routeStatus,
  },
  ["spec"],
);

const grantSchema = object({
  spec: object(
    {
      from: list(object({ group: text(), kind: text(), namespace: text() }, ["group", "kind", "namespace"])),
      to: list(object({ group: text(), kind: text(), name: text() }, ["group", "kind"])),
    },
    ["from", "to"],
  ),
});

interface Kind {
  kind: string;
  plural: string;
  versions: readonly string[];
  schema: JsonSchema;
  clusterWide?: boolean;
  short?: readonly string[];
  columns?: readonly object[];
}

const age = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

const kinds: readonly Kind[] = [
  {
    kind: "GatewayClass",
    plural: "gatewayclasses",
    versions: ["v1", "v1beta1"],
    schema: classSchema,
    clusterWide: true,
    short: ["gc"],
    columns: [
      { name: "Controller", type: "string", jsonPath: ".spec.controllerName" },
      { name: "Accepted", type: "string", jsonPath: '.status.conditions[?(@.type=="Accepted")].status' },
      age,
    ],
  },
  {
    kind: "Gateway",
    plural: "gateways",
    versions: ["v1", "v1beta1"],
    schema: gatewaySchema,
    short: ["gtw"],
    columns: [
      { name: "Class", type: "string", jsonPath: ".spec.gatewayClassName" },
      { name: "Address", type: "string", jsonPath: ".status.addresses[*].value" },
      { name: "Programmed", type: "string", jsonPath: '.status.conditions[?(@.type=="Programmed")].status' },
      age,
    ],
  },
  {
    kind: "HTTPRoute",
    plural: "httproutes",
    versions: ["v1", "v1beta1"],
    schema: httpRouteSchema,
    columns: [{ name: "Hostnames", type: "string", jsonPath: ".spec.hostnames" }, age],
  },
  { kind: "GRPCRoute", plural: "grpcroutes", versions: ["v1"], schema: grpcRouteSchema },
  {
    kind: "ReferenceGrant",
    plural: "referencegrants",
    versions: ["v1beta1"],
    schema: grantSchema,
    short: ["refgrant"],
  },
];

/** CustomResourceDefinitions of the Gateway API: smaller than upstream's, strict about the fields that routing uses. */
export function gatewayApiDefinitions(): object[] {
  return kinds.map(({ kind, plural, versions, schema, clusterWide, short, columns }) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: {
        "api-approved.kubernetes.io": "unapproved, a reduced copy of the Gateway API for tests",
        "gateway.networking.k8s.io/channel": "standard",
        "gateway.networking.k8s.io/bundle-version": "v1.4.0",
      },
    },
    spec: {
      group,
      scope: clusterWide ? "Cluster" : "Namespaced",
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        categories: ["gateway-api"],
        ...(short && { shortNames: short }),
      },
      versions: versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: schema },
        ...(kind !== "ReferenceGrant" && { subresources: { status: {} } }),
        ...(columns && { additionalPrinterColumns: columns }),
      })),
    },
  }));
}
