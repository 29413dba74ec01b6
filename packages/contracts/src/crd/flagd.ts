// core.openfeature.dev/v1beta1 Flagd: a central flagd with its Service, Ingress and routes.
import Type, { type Static } from "typebox";
import type { KindDefinition } from "./define-crd.ts";
import { openFeatureGroup } from "./feature-flag.ts";
import { type CustomObjectMeta, oneOf, stringMap, strings } from "./field.ts";

const optional = Type.Optional;
const text = (description: string) => Type.String({ description });
const dnsSubdomain = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

const IngressSchema = Type.Object(
  {
    enabled: optional(Type.Boolean({ default: false, description: "Create an Ingress." })),
    annotations: optional(stringMap("Annotations of the Ingress.")),
    hosts: strings("Hosts; an empty one makes a rule without host."),
    tls: optional(
      Type.Array(Type.Object({ hosts: optional(strings("Hosts.")), secretName: optional(text("Certificate.")) }), {
        description: "Certificates of the hosts.",
      }),
    ),
    ingressClassName: optional(text("Class.")),
    pathType: optional(text("Path type; Prefix when absent.")),
    flagdPath: optional(text("Path of evaluation.")),
    ofrepPath: optional(text("Path of OFREP.")),
    syncPath: optional(text("Path of the sync service.")),
  },
  { description: "Ingress in front of flagd." },
);

const ParentRefSchema = Type.Object({
  group: optional(
    Type.String({
      default: "gateway.networking.k8s.io",
      maxLength: 253,
      pattern: `^$|${dnsSubdomain}`,
      description: "Group.",
    }),
  ),
  kind: optional(
    Type.String({
      default: "Gateway",
      minLength: 1,
      maxLength: 63,
      pattern: "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$",
      description: "Kind.",
    }),
  ),
  name: Type.String({ minLength: 1, maxLength: 253, description: "Name." }),
  namespace: optional(
    Type.String({ minLength: 1, maxLength: 63, pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", description: "Namespace." }),
  ),
  sectionName: optional(Type.String({ minLength: 1, maxLength: 253, pattern: dnsSubdomain, description: "Listener." })),
  port: optional(Type.Integer({ format: "int32", minimum: 1, maximum: 65535, description: "Port." })),
});

const GatewayApiRoutesSchema = Type.Object(
  {
    enabled: optional(Type.Boolean({ default: false, description: "Create routes." })),
    annotations: optional(stringMap("Annotations of the routes.")),
    hosts: optional(strings("Hosts of the routes.")),
    parentRefs: Type.Array(ParentRefSchema, { description: "Gateways the routes attach to." }),
  },
  { description: "Gateway API routes in front of flagd." },
);

const FlagdSpecSchema = Type.Object(
  {
    replicas: optional(Type.Integer({ format: "int32", default: 1, description: "Pods." })),
    serviceType: optional(
      Type.Unsafe<"ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName">({
        ...oneOf(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"], "Type of the Service."),
        default: "ClusterIP",
      }),
    ),
    serviceAccountName: optional(text("Service account of the pods.")),
    featureFlagSource: text("FeatureFlagSource in the same namespace."),
    ingress: optional(IngressSchema),
    gatewayApiRoutes: optional(GatewayApiRoutesSchema),
  },
  { description: "A central flagd." },
);
export type FlagdSpec = Static<typeof FlagdSpecSchema>;

/** A Flagd as the API server returns it. */
export interface Flagd {
  apiVersion?: "core.openfeature.dev/v1beta1";
  kind?: "Flagd";
  metadata: CustomObjectMeta;
  spec: FlagdSpec;
}

/** core.openfeature.dev/v1beta1 Flagd, as the API serves it. */
export const flagdKind: KindDefinition = {
  ...openFeatureGroup,
  kind: "Flagd",
  plural: "flagds",
  categories: [],
  description: "A central flagd.",
  fields: { spec: FlagdSpecSchema, status: Type.Object({}) },
  required: [],
};
