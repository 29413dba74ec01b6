import { isObject, type JsonObject } from "../json.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Where unknown fields were found; `spec.foo`, `spec.list[0].bar`. */
export type UnknownField = string;

/** Removes what the schema does not know from the value, in place, and tells what it removed. */
export function prune(value: unknown, schema: JsonSchema, path = ""): UnknownField[] {
  const removed: UnknownField[] = [];
  pruneInto(value, schema, path, removed);
  return removed;
}

/** Removes unknown fields of an object of the API: apiVersion, kind and metadata are always known. */
export function pruneObject(object: JsonObject, schema: JsonSchema): UnknownField[] {
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...properties } = schema.properties ?? {};
  const envelope: JsonSchema = { type: "string" };
  const open: JsonSchema = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return prune(object, {
    ...schema,
    properties: { ...properties, apiVersion: envelope, kind: envelope, metadata: open },
  });
}

function pruneInto(value: unknown, schema: JsonSchema, path: string, removed: UnknownField[]): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) for (const [index, item] of value.entries()) pruneInto(item, items, `${path}[${index}]`, removed);
    return;
  }
  if (!isObject(value)) return;
  const { properties, additionalProperties } = schema;
  const preserve = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  for (const key of Object.keys(value)) {
    const child = properties?.[key];
    const where = path ? `${path}.${key}` : key;
    if (child) pruneInto(value[key], child, where, removed);
    else if (isObject(additionalProperties)) pruneInto(value[key], additionalProperties, where, removed);
    else if (additionalProperties === true || preserve) continue;
    else if (embedded && ["apiVersion", "kind", "metadata"].includes(key)) continue;
    else {
      delete value[key];
      removed.push(where);
    }
  }
}
