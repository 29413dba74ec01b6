import { isObject, type JsonObject } from "../json.ts";
import { metadataType } from "../types/built-in-types.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Where unknown fields were found; `spec.foo`, `spec.list[0].bar`. */
export type UnknownField = string;

/** Removes what the schema does not know from the value, in place, and tells what it removed. */
export function prune(value: unknown, schema: JsonSchema, path = ""): UnknownField[] {
  const removed: UnknownField[] = [];
  pruneInto(value, schema, path, removed);
  return removed;
}

const envelopes = new WeakMap<JsonSchema, JsonSchema>();

/** Removes unknown fields of an object of the API: apiVersion, kind and the known fields of metadata stay. */
export function pruneObject(object: JsonObject, schema: JsonSchema): UnknownField[] {
  return prune(object, withEnvelope(schema));
}

/** A kind's schema with the fields that every object has. */
export function withEnvelope(schema: JsonSchema): JsonSchema {
  const known = envelopes.get(schema);
  if (known) return known;
  const text: JsonSchema = { type: "string" };
  const properties = { ...schema.properties, apiVersion: text, kind: text, metadata: metadataType };
  const made = { ...schema, properties };
  envelopes.set(schema, made);
  return made;
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
    if (embedded && key === "metadata") pruneInto(value[key], metadataType, where, removed);
    else if (child) pruneInto(value[key], child, where, removed);
    else if (isObject(additionalProperties)) pruneInto(value[key], additionalProperties, where, removed);
    else if (additionalProperties === true || preserve) continue;
    else if (embedded && (key === "apiVersion" || key === "kind")) continue;
    else {
      delete value[key];
      removed.push(where);
    }
  }
}
