import { clone, equal, isObject, type JsonObject } from "../json.ts";
import type { KubeObject, ManagedFieldsEntry, ObjectMeta } from "../object.ts";
import type { Shape } from "../shape.ts";
import { emptyObject } from "./empty-kinds.ts";
import { difference, type FieldSet, fieldSetFrom, isEmpty, sameSet, toFieldsV1, union } from "./field-set.ts";
import { changesOwn, compareFields, type Holders } from "./object-places.ts";

/** Who writes: the name, how, in which version and through which subresource. */
export interface Manager {
  name: string;
  operation: "Apply" | "Update";
  apiVersion: string;
  subresource?: string;
}

/** A manager and the places it owns. */
export interface Ownership {
  manager: Manager;
  fields: FieldSet;
  time: string | undefined;
}

/** Who owns what, as the object's managedFields say. */
export function ownershipsOf(object: KubeObject): Ownership[] {
  return (object.metadata.managedFields ?? []).map(ownershipOf);
}

function ownershipOf(entry: ManagedFieldsEntry): Ownership {
  const { operation, apiVersion, subresource, time } = entry;
  const manager: Manager = { name: entry.manager ?? "", operation, apiVersion };
  if (subresource) manager.subresource = subresource;
  return { manager, fields: fieldSetFrom(entry.fieldsV1 ?? {}), time };
}

/** Appliers come before others, then whoever wrote first, then by name. */
function inOrder(a: Ownership, b: Ownership): number {
  const keys = ({ manager: { operation, name, apiVersion, subresource = "" }, time = "" }: Ownership) => [
    operation,
    time,
    name,
    apiVersion,
    subresource,
  ];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  if (at < 0) return 0;
  return (left[at] ?? "") < (right[at] ?? "") ? -1 : 1;
}

/** Back to managedFields; managers that own nothing are left out. */
export function managedFieldsFrom(ownerships: readonly Ownership[]): ManagedFieldsEntry[] {
  return ownerships
    .filter(({ fields }) => fields.children.size > 0)
    .sort(inOrder)
    .map(({ manager, fields, time }) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(time && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(fields),
      ...(manager.subresource && { subresource: manager.subresource }),
    }));
}

/** Whether two entries are of one manager; the version in which it wrote does not count. */
export function sameManager(a: Manager, b: Manager): boolean {
  return a.name === b.name && a.operation === b.operation && (a.subresource ?? "") === (b.subresource ?? "");
}

const untracked = new Set([
  ...["name", "namespace", "creationTimestamp", "uid", "resourceVersion", "generation", "managedFields"],
  ...["selfLink", "deletionTimestamp", "deletionGracePeriodSeconds"],
]);

/** The object without what nobody owns. */
export function trackedPart(object: KubeObject): JsonObject {
  const { metadata, ...tracked } = withMetadata(object);
  return isObject(metadata) && Object.keys(metadata).length > 0 ? { ...tracked, metadata } : tracked;
}

/** The same, with its metadata also where nobody owns any of it: where objects are compared, it is always there. */
function withMetadata(object: KubeObject): JsonObject {
  const tracked: JsonObject = { metadata: {} };
  for (const name in object) {
    if (name === "metadata") tracked.metadata = trackedMetadata(object.metadata);
    else if (name !== "apiVersion" && name !== "kind") tracked[name] = object[name];
  }
  return tracked;
}

function trackedMetadata(metadata: ObjectMeta): JsonObject {
  const tracked: JsonObject = {};
  for (const name in metadata) if (!untracked.has(name)) tracked[name] = metadata[name];
  return tracked;
}

/**
 * The managed fields after a plain write: what changed now belongs to the writer alone, what is gone to nobody.
 * `object.metadata.managedFields` of the written object is where it starts from, so that a client may edit them.
 */
export function afterUpdate(o: {
  before: KubeObject | undefined;
  after: KubeObject;
  manager: Manager;
  shape: Shape;
  now: string;
}): ManagedFieldsEntry[] {
  let owners = ownershipsOf(o.after);
  // What nobody is known to own, because somebody asked for that, stays so until it is applied.
  if (o.before && owners.length === 0) return [];
  const before = o.before ? withMetadata(o.before) : emptyObject(o.after);
  const after = withMetadata(o.after);
  if (o.before && changesOwn(before, after, o.shape, holdersOf(owners, o.manager))) {
    return o.after.metadata.managedFields ?? [];
  }
  const { changed, removed } = compareFields(before, after, o.shape);
  changed.self = false;
  if (isEmpty(changed) && isEmpty(removed)) return o.after.metadata.managedFields ?? [];
  const taken = union(changed, removed);
  owners = owners.map((owner) => {
    const mine = sameManager(owner.manager, o.manager);
    return { ...owner, fields: difference(owner.fields, mine ? removed : taken) };
  });
  const mine = owners.find((owner) => sameManager(owner.manager, o.manager));
  if (mine) {
    const grown = union(mine.fields, changed);
    if (!sameSet(grown, mine.fields)) mine.time = o.now;
    mine.fields = grown;
    mine.manager = o.manager;
  } else if (!isEmpty(changed)) owners.push({ manager: o.manager, fields: changed, time: o.now });
  return clone(managedFieldsFrom(owners));
}

/** Who owns what before the first apply to an object that nobody is known to own anything of: nobody in particular. */
export function beforeFirstApply(live: KubeObject, shape: Shape, now: string): Ownership[] {
  const manager: Manager = { name: "before-first-apply", operation: "Update", apiVersion: live.apiVersion };
  const { changed: fields } = compareFields(emptyObject(live), withMetadata(live), shape);
  return isEmpty(fields) ? [] : [{ manager, fields, time: now }];
}

/** What the writer holds, in the version in which it writes now, and what others do. */
function holdersOf(owners: readonly Ownership[], writer: Manager): Holders {
  const mine = owners.find(
    ({ manager }) => sameManager(manager, writer) && manager.apiVersion === writer.apiVersion,
  )?.fields;
  return { mine, others: owners.filter(({ fields }) => fields !== mine).map(({ fields }) => fields) };
}

/** Whether nothing is to be written; times in managedFields alone make no new version. What mostly differs is looked at first. */
export function isUnchanged(draft: KubeObject, old: KubeObject): boolean {
  for (const name in draft) if (name !== "metadata" && !equal(draft[name], old[name])) return false;
  for (const name in old) if (old[name] !== undefined && draft[name] === undefined) return false;
  return equal(withoutTimes(draft.metadata), withoutTimes(old.metadata));
}

function withoutTimes({ managedFields = [], ...metadata }: ObjectMeta): JsonObject {
  return { ...metadata, managedFields: managedFields.map(({ time: _time, ...entry }) => entry) };
}
