import { equal, isObject, type JsonObject } from "../json.ts";
import type { ListKey, Shape } from "../shape.ts";

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

/** Whether all places of the second set are in the first. */
export function includesAll(a: FieldSet, b: FieldSet): boolean {
  if (b.self && !a.self) return false;
  for (const [element, child] of b.children) {
    const other = a.children.get(element);
    if (!other || !includesAll(other, child)) return false;
  }
  return true;
}

/** Whether two sets have a place in common. */
export function overlaps(a: FieldSet, b: FieldSet): boolean {
  if (a.self && b.self) return true;
  for (const [element, child] of b.children) {
    const other = a.children.get(element);
    if (other && overlaps(other, child)) return true;
  }
  return false;
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

/** The path element of a list item, or undefined for items that cannot be told apart. */
export function elementOf(item: unknown, shape: Shape): string | undefined {
  if (shape.list === "set") return `v:${JSON.stringify(item)}`;
  if (shape.list === "atomic" || !isObject(item)) return undefined;
  const key = keyValues(item, shape.list.keys);
  return key && `k:${JSON.stringify(key)}`;
}

function keyValues(item: JsonObject, keys: readonly ListKey[]): JsonObject | undefined {
  const found: JsonObject = {};
  for (const { name, default: standIn } of [...keys].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const value = item[name] ?? standIn;
    if (value !== undefined) found[name] = value;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

/** Whether a value is owned as one piece. */
function isLeaf(value: unknown, shape: Shape): boolean {
  if (Array.isArray(value)) return shape.list === "atomic";
  return !isObject(value) || shape.atomicObject || Object.keys(value).length === 0;
}

/** Every place that a configuration states: fields and list items. */
export function fieldsOf(value: unknown, shape: Shape): FieldSet {
  return placesOf(value, shape, false);
}

/** Every place there is in a value, maps and lists themselves included: what is new with it, or gone. */
function allPlacesOf(value: unknown, shape: Shape): FieldSet {
  return placesOf(value, shape, true);
}

function placesOf(value: unknown, shape: Shape, all: boolean): FieldSet {
  if (isLeaf(value, shape)) return emptySet(true);
  const set = emptySet(all);
  if (Array.isArray(value)) {
    for (const item of value) {
      const element = elementOf(item, shape);
      if (element === undefined) return emptySet(true);
      const child = isObject(item) ? placesOf(item, shape.items(), all) : emptySet();
      set.children.set(element, { ...child, self: true });
    }
    if (value.length === 0) set.self = true;
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) {
      if (child !== undefined) set.children.set(`f:${name}`, placesOf(child, shape.field(name), all));
    }
  }
  return set;
}

/** The places whose value differs: those that are new or changed, and those that are gone. */
export function compareFields(before: unknown, after: unknown, shape: Shape): { changed: FieldSet; removed: FieldSet } {
  const changed = emptySet();
  const removed = emptySet();
  collect(before, after, shape, changed, removed);
  return { changed, removed };
}

function collect(before: unknown, after: unknown, shape: Shape, changed: FieldSet, removed: FieldSet): void {
  if (before === after) return;
  if (after === undefined) {
    graft(removed, allPlacesOf(before, shape));
    return;
  }
  if (before === undefined) {
    graft(changed, allPlacesOf(after, shape));
    return;
  }
  if (isLeaf(before, shape) || isLeaf(after, shape) || Array.isArray(before) !== Array.isArray(after)) {
    if (!equal(before, after)) collectLeaf(before, after, shape, changed, removed);
    return;
  }
  const compare = (element: string, left: unknown, right: unknown) => {
    const below = emptySet();
    const gone = emptySet();
    collect(left, right, childShape(element, shape), below, gone);
    if (!isEmpty(below)) changed.children.set(element, below);
    if (!isEmpty(gone)) removed.children.set(element, gone);
  };
  if (isObject(before) && isObject(after)) {
    // Most fields of most writes are the same: these cost nothing but the comparison.
    for (const name in before) if (before[name] !== after[name]) compare(`f:${name}`, before[name], after[name]);
    for (const name in after) if (before[name] === undefined) compare(`f:${name}`, undefined, after[name]);
    return;
  }
  const left = entriesOf(before, shape);
  const right = entriesOf(after, shape);
  for (const element of new Set([...left.keys(), ...right.keys()])) {
    compare(element, left.get(element), right.get(element));
  }
}

function isHollow(value: unknown): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

/** A map or list that was or is there, though null or empty, is itself neither new nor gone: what is in it is. */
function collectLeaf(before: unknown, after: unknown, shape: Shape, changed: FieldSet, removed: FieldSet): void {
  if (isHollow(before) && !isLeaf(after, shape)) {
    graft(changed, { ...allPlacesOf(after, shape), self: false });
  } else if (isHollow(after) && !isLeaf(before, shape)) {
    graft(removed, { ...allPlacesOf(before, shape), self: false });
  } else {
    graft(changed, { ...allPlacesOf(after, shape), self: true });
    graft(removed, difference(allPlacesOf(before, shape), changed));
  }
}

function graft(target: FieldSet, set: FieldSet): void {
  target.self = target.self || set.self;
  for (const [element, child] of set.children) target.children.set(element, child);
}

/** The children of an object or keyed list by their path element. */
export function entriesOf(value: unknown, shape: Shape): Map<string, unknown> {
  const entries = new Map<string, unknown>();
  if (Array.isArray(value)) {
    for (const item of value) {
      const element = elementOf(item, shape);
      if (element !== undefined) entries.set(element, item);
    }
  } else if (isObject(value)) {
    for (const [name, child] of Object.entries(value)) if (child !== undefined) entries.set(`f:${name}`, child);
  }
  return entries;
}

/** The shape below a path element. */
export function childShape(element: string, shape: Shape): Shape {
  return element.startsWith("f:") ? shape.field(element.slice(2)) : shape.items();
}
