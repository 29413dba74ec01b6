/** A JSON object whose content nobody has looked at yet. */
export interface JsonObject {
  [key: string]: unknown;
}

/** True for JSON objects; arrays and null are not. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path of field names and list indexes, or undefined when something on the way is missing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current: unknown = value;
  for (const step of path) {
    if (Array.isArray(current) && typeof step === "number") current = current[step];
    else if (isObject(current)) current = current[String(step)];
    else return undefined;
  }
  return current;
}

/** The object at a path; an empty one when there is none. */
export function objectAt(value: unknown, ...path: (string | number)[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

/** The objects of the list at a path; items that are no objects are left out. */
export function objectsAt(value: unknown, ...path: (string | number)[]): JsonObject[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter(isObject) : [];
}

/** The string at a path. */
export function stringAt(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path. */
export function numberAt(value: unknown, ...path: (string | number)[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** The string values of the object at a path: labels, annotations, data. */
export function stringMapAt(value: unknown, ...path: (string | number)[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [key, entry] of Object.entries(objectAt(value, ...path)))
    if (typeof entry === "string") result[key] = entry;
  return result;
}

/** The strings of the list at a path. */
export function stringsAt(value: unknown, ...path: (string | number)[]): string[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.filter((item) => typeof item === "string") : [];
}

/** A deep copy of JSON data. Fields that are undefined are dropped. */
export function clone<T>(value: T): T;
export function clone(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => clone(item));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const key in value) if (value[key] !== undefined) copy[key] = clone(value[key]);
  return copy;
}

/** Removes null fields, in place: to the typed kinds of Kubernetes null is the same as nothing. */
export function dropNulls(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) dropNulls(item);
  if (!isObject(value)) return;
  for (const key in value) {
    if (value[key] === null) delete value[key];
    else dropNulls(value[key]);
  }
}

/** Structural equality of JSON data; a field that is undefined equals a missing one. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const key in a) if (!equal(a[key], b[key])) return false;
  for (const key in b) if (b[key] !== undefined && a[key] === undefined) return false;
  return true;
}

/**
 * The value, with what is equal in an earlier one taken from there: versions of an object that are kept share what they have in common.
 * The value's own objects and lists are changed.
 */
export function sharing(value: unknown, before: unknown): unknown {
  if (value === before) return before;
  if (Array.isArray(value)) {
    if (!Array.isArray(before)) return value;
    let same = value.length === before.length;
    for (let index = 0; index < value.length; index++) {
      value[index] = sharing(value[index], before[index]);
      same &&= value[index] === before[index];
    }
    return same ? before : value;
  }
  if (!isObject(value) || !isObject(before)) return value;
  let same = true;
  for (const key in value) {
    value[key] = sharing(value[key], before[key]);
    same &&= value[key] === before[key];
  }
  for (const key in before) same &&= before[key] === undefined || value[key] !== undefined;
  return same ? before : value;
}

/** Sets a value at a path of field names, creating the objects on the way. */
export function setAt(target: JsonObject, path: readonly string[], value: unknown): void {
  let current = target;
  for (const step of path.slice(0, -1)) {
    const next = current[step];
    if (isObject(next)) current = next;
    else {
      const made: JsonObject = {};
      current[step] = made;
      current = made;
    }
  }
  const last = path.at(-1);
  if (last !== undefined) current[last] = value;
}
