import { clone, isObject, type JsonObject } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { Shape } from "../shape.ts";
import { applyConflict } from "../status.ts";
import { difference, emptySet, type FieldSet, intersection, isEmpty, pathsOf, union } from "./field-set.ts";
import { childShape, compareFields, elementOf, entriesOf, fieldsOf } from "./object-places.ts";
import {
  beforeFirstApply,
  type Manager,
  managedFieldsFrom,
  type Ownership,
  ownershipsOf,
  sameManager,
  trackedPart,
} from "./managed-fields.ts";

/** What a manager wants, and who it is. */
export interface ApplyRequest {
  live: KubeObject | undefined;
  applied: KubeObject;
  manager: Manager;
  force: boolean;
  shape: Shape;
  now: string;
}

/**
 * Server-side apply: the live object with what the manager now states, without what it stated before and no longer
 * does. Throws a 409 Status with one cause per field that another manager owns with another value, unless forced.
 */
export function serverSideApply({ live, applied, manager, force, shape, now }: ApplyRequest): KubeObject {
  const mine = fieldsOf(trackedPart(applied), shape);
  mine.self = false;
  const owners = live ? ownersOf(live, shape, now) : [];
  const before = owners.find((owner) => sameManager(owner.manager, manager));
  let others = owners.filter((owner) => owner !== before);
  const merged = { ...asObject(merge(live, { ...applied, metadata: statedMeta(applied) }, shape)) };
  if (live) {
    const { changed } = compareFields(trackedPart(live), trackedPart(withEnvelope(merged, applied)), shape);
    const disputed = intersection(changed, mine);
    if (!force) refuseConflicts(others, disputed);
    others = others.map((owner) => ({ ...owner, fields: difference(owner.fields, disputed) }));
  }
  const held = others.reduce((all, owner) => union(all, owner.fields), mine);
  const dropped = before ? difference(before.fields, held) : emptySet();
  const result = withEnvelope(asObject(without(merged, dropped, held, shape)), applied);
  const entry: Ownership = { manager, fields: mine, time: now };
  const unchanged = before && isEmpty(difference(before.fields, mine)) && isEmpty(difference(mine, before.fields));
  if (unchanged) entry.time = before.time;
  result.metadata = { ...result.metadata, managedFields: clone(managedFieldsFrom([...others, entry])) };
  return result;
}

function ownersOf(live: KubeObject, shape: Shape, now: string): Ownership[] {
  const known = ownershipsOf(live);
  return known.length > 0 ? known : beforeFirstApply(live, shape, now);
}

function refuseConflicts(others: readonly Ownership[], disputed: FieldSet): void {
  const causes = others.flatMap((owner) =>
    pathsOf(intersection(owner.fields, disputed)).map((field) => ({
      reason: "FieldManagerConflict",
      message: conflictWith(owner),
      field,
    })),
  );
  if (causes.length > 0) throw applyConflict(causes);
}

function conflictWith({ manager }: Ownership): string {
  const subresource = manager.subresource ? ` with subresource "${manager.subresource}"` : "";
  const how = manager.operation === "Update" ? ` using ${manager.apiVersion}` : "";
  return `conflict with "${manager.name}"${subresource}${how}`;
}

/** What an applied configuration may state about metadata. */
function statedMeta(applied: KubeObject): JsonObject {
  const { labels, annotations, finalizers, ownerReferences } = applied.metadata;
  return {
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(finalizers && { finalizers }),
    ...(ownerReferences && { ownerReferences }),
  };
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function withEnvelope(value: JsonObject, applied: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = applied;
  return { ...value, apiVersion, kind, metadata: { ...metadata, ...asObject(value.metadata) } };
}

/** Empty objects and keyed lists state nothing about what is in them, so they merge like full ones. */
function merge(live: unknown, applied: unknown, shape: Shape): unknown {
  if (Array.isArray(applied)) {
    return Array.isArray(live) && shape.list !== "atomic" ? mergeItems(live, applied, shape) : clone(applied);
  }
  if (!isObject(applied) || !isObject(live) || shape.atomicObject) return clone(applied);
  const result: JsonObject = { ...live };
  for (const [name, child] of Object.entries(applied)) {
    if (child !== undefined) result[name] = merge(live[name], child, shape.field(name));
  }
  return result;
}

/**
 * Stated items come in the stated order. Live ones that are not stated stay as close as they can to where they were:
 * behind those that they followed.
 */
function mergeItems(live: unknown[], applied: unknown[], shape: Shape): unknown[] {
  const before = entriesOf(live, shape);
  const stated = entriesOf(applied, shape);
  const shared = [...stated.keys()].filter((element) => before.has(element));
  const [left, right] = [[...before.keys()], [...stated.keys()]];
  const result: unknown[] = [];
  while (left.length > 0 || right.length > 0) {
    const [old, wanted] = [left[0], right[0]];
    if (old !== undefined && !stated.has(old)) {
      result.push(before.get(old));
      left.shift();
    } else if (old !== undefined && old !== wanted && old !== shared[0]) left.shift();
    else if (wanted !== undefined) {
      const item = stated.get(wanted);
      result.push(before.has(wanted) ? merge(before.get(wanted), item, shape.items()) : clone(item));
      right.shift();
      if (wanted === shared[0]) shared.shift();
      if (wanted === old) left.shift();
    } else left.shift();
  }
  // Items without their key are nobody's and stay for the rules of the kind to refuse.
  const without = applied.filter((item) => elementOf(item, shape) === undefined);
  return [...result, ...without.map((item) => clone(item))];
}

/** The value without the dropped places; a place below which somebody holds something stays. */
function without(value: unknown, dropped: FieldSet, held: FieldSet, shape: Shape): unknown {
  if (isEmpty(dropped)) return value;
  const keep = (element: string, child: unknown): unknown => {
    const gone = dropped.children.get(element);
    if (!gone) return child;
    const holders = held.children.get(element) ?? emptySet();
    if (gone.self && isEmpty(holders)) return undefined;
    const rest = without(child, gone, holders, childShape(element, shape));
    const emptied =
      isObject(rest) && Object.keys(rest).length === 0 && isObject(child) && Object.keys(child).length > 0;
    return emptied && isEmpty(holders) ? undefined : rest;
  };
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      const element = elementOf(item, shape);
      const kept = element === undefined ? item : keep(element, item);
      return kept === undefined ? [] : [kept];
    });
  }
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    const kept = keep(`f:${name}`, child);
    if (kept !== undefined) result[name] = kept;
  }
  return result;
}
