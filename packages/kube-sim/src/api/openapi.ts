import type { ServerResponse } from "node:http";
import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import type { Registry } from "./registry.ts";
import { isCustom, type ResourceDefinition } from "./resource.ts";

const metaRef = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

function pathOf(resource: ResourceDefinition): string {
  return resource.group ? `apis/${resource.group}/${resource.version}` : `api/${resource.version}`;
}

/** `/openapi/v3`: where each version's document is. The hash changes when kinds come or go. */
export function openApiIndex(registry: Registry): JsonObject {
  const paths: JsonObject = {};
  for (const resource of registry.all()) {
    const path = pathOf(resource);
    paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${registry.revision}` };
  }
  return { paths };
}

/**
 * `/openapi/v3/…`: schemas of custom kinds in full; of built-in kinds the envelope only, and no strategic merge, so
 * that kubectl uses the types it was built with. Undefined for versions that are not served.
 */
export function openApiDocument(registry: Registry, path: string): JsonObject | undefined {
  const found = registry.all().filter((resource) => pathOf(resource) === path);
  if (found.length === 0) return undefined;
  const schemas: JsonObject = { [metaRef]: metaSchema };
  const paths: JsonObject = {};
  for (const resource of found) {
    schemas[schemaName(resource)] = schemaOf(resource);
    const scope = resource.namespaced ? "namespaces/{namespace}/" : "";
    paths[`/${path}/${scope}${resource.plural}`] = collectionPath(resource);
    paths[`/${path}/${scope}${resource.plural}/{name}`] = objectPath(resource);
  }
  return { openapi: "3.0.0", info: { title: "Kubernetes", version: "v1.35.0" }, paths, components: { schemas } };
}

function schemaName(resource: ResourceDefinition): string {
  const group = resource.group ? resource.group.split(".").reverse().join(".") : "io.k8s.api.core";
  return `${group}.${resource.version}.${resource.kind}`;
}

function gvk({ group, version, kind }: ResourceDefinition): JsonObject {
  return { group, version, kind };
}

function schemaOf(resource: ResourceDefinition): JsonObject {
  const envelope = {
    apiVersion: { type: "string", description: "The versioned schema of this representation of an object." },
    kind: { type: "string", description: "The REST resource this object represents." },
    metadata: {
      allOf: [{ $ref: `#/components/schemas/${metaRef}` }],
      default: {},
      description: "Standard object metadata.",
    },
  };
  const own = isObject(resource.schema) ? resource.schema : {};
  const properties = isObject(own.properties) ? own.properties : {};
  const open = isCustom(resource) ? {} : { spec: { type: "object" }, status: { type: "object" } };
  return {
    type: "object",
    ...own,
    properties: { ...open, ...properties, ...envelope },
    "x-kubernetes-group-version-kind": [gvk(resource)],
  };
}

/**
 * `/openapi/v2`: an empty document. kubectl asks for it only about kinds that the v3 documents do not know, and must
 * be able to read that it does not know them either. In protobuf that is field 1, the text "2.0".
 */
export function sendOpenApiV2(accept: string | undefined, response: ServerResponse): void {
  if (accept?.includes("protobuf"))
    response.writeHead(200, { "content-type": "application/octet-stream" }).end("\x0a\x032.0");
  else {
    const body = { swagger: "2.0", info: { title: "Kubernetes", version: "v1.35.0" }, paths: {} };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  }
}

const parameters = [
  { name: "dryRun", in: "query", schema: { type: "string", uniqueItems: true } },
  { name: "fieldManager", in: "query", schema: { type: "string", uniqueItems: true } },
  { name: "fieldValidation", in: "query", schema: { type: "string", uniqueItems: true } },
];

function operation(resource: ResourceDefinition, action: string, o: { body?: readonly string[] }): JsonObject {
  const schema = { $ref: `#/components/schemas/${schemaName(resource)}` };
  return {
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvk(resource),
    parameters,
    ...(o.body && {
      requestBody: { required: true, content: Object.fromEntries(o.body.map((type) => [type, { schema }])) },
    }),
    responses: { "200": { description: "OK", content: { "application/json": { schema } } } },
  };
}

function collectionPath(resource: ResourceDefinition): JsonObject {
  return {
    get: operation(resource, "list", {}),
    post: operation(resource, "post", { body: ["application/json"] }),
  };
}

function objectPath(resource: ResourceDefinition): JsonObject {
  const patches = ["application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml"];
  return {
    get: operation(resource, "get", {}),
    put: operation(resource, "put", { body: ["application/json"] }),
    patch: operation(resource, "patch", { body: patches }),
    delete: operation(resource, "delete", {}),
  };
}

const metaSchema: JsonObject = {
  type: "object",
  description: "ObjectMeta is metadata that all persisted resources must have.",
  properties: {
    annotations: { type: "object", additionalProperties: { type: "string" } },
    creationTimestamp: { type: "string", format: "date-time" },
    deletionGracePeriodSeconds: { type: "integer", format: "int64" },
    deletionTimestamp: { type: "string", format: "date-time" },
    finalizers: { type: "array", items: { type: "string" }, "x-kubernetes-patch-strategy": "merge" },
    generateName: { type: "string" },
    generation: { type: "integer", format: "int64" },
    labels: { type: "object", additionalProperties: { type: "string" } },
    name: { type: "string" },
    namespace: { type: "string" },
    ownerReferences: { type: "array", items: { type: "object" } },
    resourceVersion: { type: "string" },
    uid: { type: "string" },
  },
};
