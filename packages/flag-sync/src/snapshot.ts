import type { CompiledFlag } from "@burgee/flag-engine";
import { jsonEqual } from "@burgee/flag-engine";
import type { Selector } from "./selector.ts";

/** A flag and where it came from. */
export interface StoredFlag {
  readonly flag: CompiledFlag;
  readonly source: string;
  /** Place of the source in the configuration: the greater one wins. */
  readonly priority: number;
}

/** Flags by key. */
export type FlagView = ReadonlyMap<string, StoredFlag>;

/** All flags of one moment. It never changes, so one request never sees two versions. */
export interface FlagSnapshot {
  /** Grows with every change of any flag. */
  readonly version: number;
  get(key: string, selector: Selector): StoredFlag | undefined;
  /** In the order of their keys. */
  view(selector: Selector): FlagView;
}

/** What happened to a flag: new, changed or gone. */
export type FlagChange = "write" | "update" | "delete";
export type FlagChanges = Readonly<Record<string, FlagChange>>;

const nothing: FlagView = new Map();

/**
 * Merges the flags of all sources. A flag is known by its set and its key; of several with the same, that of the source with
 * the highest priority is there and the others are not. Without a selector a key stands for its flag with the highest priority,
 * of several the one in the last set; flags without a set come after those with one.
 */
export function createSnapshot(version: number, bySource: readonly (readonly StoredFlag[])[]): FlagSnapshot {
  const owned = new Map<string, StoredFlag>();
  for (const stored of bySource.flat()) owned.set(identityOf(stored), stored);
  const ordered = [...owned.values()].sort(inOrder);

  const all = new Map<string, StoredFlag>();
  const sets = new Map<string, Map<string, StoredFlag>>();
  const sources = new Map<string, Map<string, StoredFlag>>();
  for (const stored of ordered) {
    const { key } = stored.flag.definition;
    if (stored.priority >= (all.get(key)?.priority ?? 0)) all.set(key, stored);
    viewIn(sets, stored.flag.flagSetId ?? "").set(key, stored);
    viewIn(sources, stored.source).set(key, stored);
  }
  const everything = sortedByKey(all);
  const view = (selector: Selector): FlagView => {
    switch (selector.kind) {
      case "all":
        return everything;
      case "flagSet":
        return sets.get(selector.id) ?? nothing;
      case "source":
        return sources.get(selector.source) ?? nothing;
    }
  };
  return { version, view, get: (key, selector) => view(selector).get(key) };
}

/** What a client that saw `before` must be told to know `after`. */
export function changesBetween(before: FlagView, after: FlagView): FlagChanges {
  const changes: Record<string, FlagChange> = {};
  for (const key of before.keys()) if (!after.has(key)) changes[key] = "delete";
  for (const [key, stored] of after) {
    const old = before.get(key);
    if (old === undefined) changes[key] = "write";
    else if (!sameFlag(old, stored)) changes[key] = "update";
  }
  return changes;
}

/** Whether two versions of a flag evaluate and report alike. */
export function sameFlag(a: StoredFlag, b: StoredFlag): boolean {
  if (a === b) return true;
  const [left, right] = [a.flag.definition, b.flag.definition];
  return (
    a.source === b.source &&
    left.state === right.state &&
    left.defaultVariant === right.defaultVariant &&
    jsonEqual(left.variants, right.variants) &&
    jsonEqual(left.targeting, right.targeting) &&
    jsonEqual(left.metadata, right.metadata)
  );
}

function identityOf({ flag }: StoredFlag): string {
  return JSON.stringify([flag.flagSetId ?? "", flag.definition.key]);
}

function inOrder(a: StoredFlag, b: StoredFlag): number {
  const [left, right] = [a.flag.flagSetId, b.flag.flagSetId];
  if (left !== right) {
    if (left === undefined) return 1;
    return right === undefined || left < right ? -1 : 1;
  }
  return a.flag.definition.key < b.flag.definition.key ? -1 : 1;
}

function sortedByKey(view: Map<string, StoredFlag>): FlagView {
  return new Map([...view].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function viewIn(views: Map<string, Map<string, StoredFlag>>, name: string): Map<string, StoredFlag> {
  const view = views.get(name) ?? new Map<string, StoredFlag>();
  views.set(name, view);
  return view;
}
