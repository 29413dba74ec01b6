import { isObject, type JsonObject } from "../json.ts";

/** The object in a field, made when it is not there. */
export function objectIn(parent: JsonObject, name: string): JsonObject {
  const value = parent[name];
  if (isObject(value)) return value;
  const made: JsonObject = {};
  parent[name] = made;
  return made;
}
