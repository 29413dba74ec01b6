import type { JsonSchema } from "../api/schema/json-schema.ts";

/** Shorthands for the schemas of the Gateway API. */
export const text = (o: JsonSchema = {}): JsonSchema => ({ type: "string", ...o });
export const whole = (o: JsonSchema = {}): JsonSchema => ({ type: "integer", format: "int32", ...o });
export const list = (items: JsonSchema, o: JsonSchema = {}): JsonSchema => ({
  type: "array",
  items,
  "x-kubernetes-list-type": "atomic",
  ...o,
});
export const listByKey = (key: string, items: JsonSchema): JsonSchema => ({
  type: "array",
  items,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": [key],
});
export const object = (properties: Record<string, JsonSchema>, required: readonly string[] = []): JsonSchema => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
});

export const portNumber = whole({ minimum: 1, maximum: 65_535 });
export const objectName = text({ minLength: 1, maxLength: 253 });
export const hostname = text({
  minLength: 1,
  maxLength: 253,
  pattern: "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
});

export const conditions = listByKey(
  "type",
  object(
    {
      type: text(),
      status: text({ enum: ["True", "False", "Unknown"] }),
      reason: text(),
      message: text(),
      observedGeneration: { type: "integer", format: "int64" },
      lastTransitionTime: text({ format: "date-time" }),
    },
    ["type", "status", "reason", "message", "lastTransitionTime"],
  ),
);

export const parentReference = object(
  {
    group: text({ default: "gateway.networking.k8s.io" }),
    kind: text({ default: "Gateway" }),
    namespace: text(),
    name: objectName,
    sectionName: text(),
    port: portNumber,
  },
  ["name"],
);

export const backendReference: Record<string, JsonSchema> = {
  group: text({ default: "" }),
  kind: text({ default: "Service" }),
  name: objectName,
  namespace: text(),
  port: portNumber,
};

export const routeStatus = object({
  parents: list(
    object({ parentRef: parentReference, controllerName: text(), conditions }, ["parentRef", "controllerName"]),
  ),
});
