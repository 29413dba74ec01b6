import { isObject, type JsonObject } from "../json.ts";

/**
 * A set of places in an object, as a tree of path elements written as in FieldsV1: `f:name` for fields,
 * `k:{…}` for list items by key, `v:…` for items of sets. `self`: the place itself is in the set.
 */
export interface FieldSet {
  self: boolean;
  children: Map<string, FieldSet>;
}

/** A set of nothing, or of the place itself alone. */
export function emptySet(self = false): FieldSet {
  return { self, children: new Map() };
}

/** Whether neither the place itself nor any below it is in the set. */
export function isEmpty(set: FieldSet): boolean {
  return !set.self && set.children.size === 0;
}

const known = new WeakMap<JsonObject, FieldSet>();

/** Reads FieldsV1. Sets are never changed, nor is what is stored: each is read once. */
export function fieldSetFrom(fields: JsonObject): FieldSet {
  const before = known.get(fields);
  if (before) return before;
  const set = read(fields);
  known.set(fields, set);
  return set;
}

function read(fields: JsonObject): FieldSet {
  const set = emptySet();
  for (const [element, below] of Object.entries(fields)) {
    if (element === ".") set.self = true;
    else set.children.set(element, read(isObject(below) ? below : {}));
  }
  if (Object.keys(fields).length === 0) set.self = true;
  return set;
}

/** Writes FieldsV1. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const fields: JsonObject = {};
  if (set.self && set.children.size > 0) fields["."] = {};
  for (const element of [...set.children.keys()].sort()) {
    const child = set.children.get(element);
    if (child) fields[element] = toFieldsV1(child);
  }
  return fields;
}

/** Places in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  const result = emptySet(a.self || b.self);
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    result.children.set(element, other ? union(child, other) : child);
  }
  for (const [element, child] of b.children) if (!a.children.has(element)) result.children.set(element, child);
  return result;
}

/** Places in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result = emptySet(a.self && b.self);
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const both = other && intersection(child, other);
    if (both && !isEmpty(both)) result.children.set(element, both);
  }
  return result;
}

/** Places of the first set that are not in the second. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  const result = emptySet(a.self && !b.self);
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    const rest = other ? difference(child, other) : child;
    if (!isEmpty(rest)) result.children.set(element, rest);
  }
  return result;
}

/** Whether two sets hold the same places. */
export function sameSet(a: FieldSet, b: FieldSet): boolean {
  if (a.self !== b.self || a.children.size !== b.children.size) return false;
  for (const [element, child] of a.children) {
    const other = b.children.get(element);
    if (!other || !sameSet(child, other)) return false;
  }
  return true;
}

/** The paths of a set in the words of the API server: `.spec.template.spec.containers[name="app"].image`. */
export function pathsOf(set: FieldSet, path = ""): string[] {
  const paths = set.self ? [path] : [];
  for (const [element, child] of set.children) paths.push(...pathsOf(child, path + spoken(element)));
  return paths;
}

/** A path element in the words of the API server. */
export function spoken(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  if (element.startsWith("v:")) return `[=${rest}]`;
  const keys: unknown = JSON.parse(rest);
  const pairs = Object.entries(isObject(keys) ? keys : {}).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `[${pairs.join(",")}]`;
}
