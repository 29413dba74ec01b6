import { equal, isObject, type JsonObject } from "../json.ts";
import type { ListKey, Shape } from "../shape.ts";
import { difference, emptySet, type FieldSet, isEmpty } from "./field-set.ts";

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

/** Who has which places of a value. */
export interface Holders {
  mine: FieldSet | undefined;
  others: readonly FieldSet[];
}

/**
 * Whether all that differs are values that are mine alone, so that nobody gets or loses a place. It is what most writes
 * are, and cheaper than a comparison. False also where it is not so easily seen.
 */
export function changesOwn(before: unknown, after: unknown, shape: Shape, { mine, others }: Holders): boolean {
  if (isLeaf(before, shape) && isLeaf(after, shape) && before !== undefined && after !== undefined) {
    return equal(before, after) || (mine?.self === true && !others.some((other) => other.self));
  }
  if (!isObject(before) || !isObject(after)) return equal(before, after);
  for (const name in before) {
    if (before[name] === after[name]) continue;
    const element = `f:${name}`;
    const below = {
      mine: mine?.children.get(element),
      others: others.length === 0 ? others : others.flatMap((other) => other.children.get(element) ?? []),
    };
    if (!changesOwn(before[name], after[name], shape.field(name), below)) return false;
  }
  for (const name in after) if (before[name] === undefined && after[name] !== undefined) return false;
  return true;
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
