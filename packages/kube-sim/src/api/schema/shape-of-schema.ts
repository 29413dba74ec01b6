import { isObject } from "../json.ts";
import { builtInShape, type ListKind, plainShape, type Shape } from "../shape.ts";
import type { JsonSchema } from "./json-schema.ts";

/** The merge rules a custom resource's schema states. */
export function shapeOfSchema(schema: JsonSchema | undefined): Shape {
  return schema ? below(schema, true) : plainShape;
}

const known = new WeakMap<JsonSchema, Shape>();

function below(schema: JsonSchema | undefined, root = false): Shape {
  if (!schema) return plainShape;
  const cached = known.get(schema);
  if (cached) return cached;
  const shape: Shape = {
    field: (name) => {
      if (root && name === "metadata") return builtInShape("", "metadata");
      const { additionalProperties } = schema;
      return below(schema.properties?.[name] ?? (isObject(additionalProperties) ? additionalProperties : undefined));
    },
    items: () => below(schema.items),
    list: listKind(schema),
    atomicObject: schema["x-kubernetes-map-type"] === "atomic",
  };
  known.set(schema, shape);
  return shape;
}

function listKind(schema: JsonSchema): ListKind {
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") return "set";
  if (type !== "map") return "atomic";
  const keys = (schema["x-kubernetes-list-map-keys"] ?? []).map((name) => {
    const value = schema.items?.properties?.[name]?.default;
    return typeof value === "string" || typeof value === "number" ? { name, default: value } : { name };
  });
  return { keys };
}
