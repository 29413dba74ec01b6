import { clone, isObject } from "../json.ts";
import type { JsonSchema } from "./json-schema.ts";

/** Fills in the schema's defaults, in place: missing fields, and nulls where null is not allowed. */
export function applyDefaults(value: unknown, schema: JsonSchema): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items) for (const item of value) applyDefaults(item, items);
    return;
  }
  if (!isObject(value)) return;
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const missing = value[name] === undefined || (value[name] === null && !child.nullable);
    if (missing && child.default !== undefined) value[name] = clone(child.default);
    else if (value[name] === null && !child.nullable) delete value[name];
    if (value[name] !== undefined) applyDefaults(value[name], child);
  }
  const { additionalProperties } = schema;
  if (isObject(additionalProperties)) {
    for (const [name, child] of Object.entries(value)) {
      if (schema.properties?.[name]) continue;
      if (child === null && !additionalProperties.nullable) delete value[name];
      else applyDefaults(child, additionalProperties);
    }
  }
}
