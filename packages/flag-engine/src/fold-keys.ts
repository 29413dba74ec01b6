import type { JsonObject, JsonValue } from "./json.ts";
import { isObject } from "./json.ts";

/**
 * Go's decoder reads `defaultvariant` as `defaultVariant`: keys that differ only in case are the same field, the last one in
 * the order of their bytes wins, and objects are laid over each other. Gives the object itself when all keys are written well.
 * `found` hears of every key that is not.
 */
export function foldKeys(
  object: JsonObject,
  fields: ReadonlyMap<string, string>,
  found: (key: string, field: string) => void,
): JsonObject {
  let folded = false;
  for (const key of Object.keys(object)) {
    const field = fields.get(key.toLowerCase());
    if (field === undefined || field === key) continue;
    folded = true;
    found(key, field);
  }
  if (!folded) return object;
  const result: Record<string, JsonValue> = {};
  for (const key of Object.keys(object).sort()) {
    const field = fields.get(key.toLowerCase()) ?? key;
    const value = object[key] ?? null;
    const before = result[field];
    if (value === null && typeof before === "string") continue;
    result[field] = isObject(before) && isObject(value) && field !== "targeting" ? { ...before, ...value } : value;
  }
  return result;
}

/** The fields of an object by their names in lower case. */
export function fieldNames(...names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}
