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
  /** Flags that are not there because a later source has the same set and key. */
  readonly overridden: readonly StoredFlag[];
  get(key: string, selector: Selector): StoredFlag | undefined;
  /** In the order of their keys (of one source with several sets: by set, then by key). */
  view(selector: Selector): FlagView;
}

/** What happened to a flag: new, changed or gone. */
export type FlagChange = "write" | "update" | "delete";
/** What became of each flag that is not as it was, by its key. */
export type FlagChanges = Readonly<Record<string, FlagChange>>;

const nothing: FlagView = new Map();
const nobody: readonly StoredFlag[] = [];

/**
 * Merges the flags of all sources, each of which has them {@link inOrder}. A flag is known by its set and its key; of several with the same,
 * that of the source with the highest priority is there and the others are not. Without a selector a key stands for its flag with the highest
 * priority, of several the one in the last set; flags without a set come after those with one.
 */
export function createSnapshot(version: number, bySource: readonly (readonly StoredFlag[])[]): FlagSnapshot {
  const { ordered, overridden } = merge(bySource.filter((flags) => flags.length > 0));
  const everything = viewOfAll(ordered);
  // Most are never asked for.
  const selected = new Map<string, FlagView>();
  const select = (name: string, matches: (stored: StoredFlag) => boolean): FlagView => {
    const known = selected.get(name);
    if (known !== undefined) return known;
    const found = ordered.filter(matches);
    // Names come from requests: only what exists is remembered.
    if (found.length === 0) return nothing;
    const view = new Map(found.map((stored) => [stored.flag.definition.key, stored]));
    selected.set(name, view);
    return view;
  };
  const view = (selector: Selector): FlagView => {
    switch (selector.kind) {
      case "all":
        return everything;
      case "flagSet":
        return select(`set ${selector.id}`, ({ flag }) => (flag.flagSetId ?? "") === selector.id);
      case "source":
        return select(`source ${selector.source}`, ({ source }) => source === selector.source);
    }
  };
  return { version, overridden, view, get: (key, selector) => view(selector).get(key) };
}

interface Merged {
  readonly ordered: readonly StoredFlag[];
  readonly overridden: readonly StoredFlag[];
}

function merge(bySource: readonly (readonly StoredFlag[])[]): Merged {
  const [first = nobody, ...others] = bySource;
  if (others.length === 0) return { ordered: first, overridden: nobody };
  const owned = new Map<string, StoredFlag>();
  const overridden: StoredFlag[] = [];
  for (const stored of bySource.flat()) {
    const identity = identityOf(stored);
    const earlier = owned.get(identity);
    if (earlier !== undefined) overridden.push(earlier);
    owned.set(identity, stored);
  }
  return { ordered: [...owned.values()].sort(inOrder), overridden };
}

function viewOfAll(ordered: readonly StoredFlag[]): FlagView {
  const all = new Map<string, StoredFlag>();
  let sets = false;
  for (const stored of ordered) {
    const { key } = stored.flag.definition;
    sets ||= stored.flag.flagSetId !== undefined;
    if (!sets || stored.priority >= (all.get(key)?.priority ?? 0)) all.set(key, stored);
  }
  // Without sets they are in order already.
  return sets ? new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1))) : all;
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
  return `${flag.flagSetId ?? ""}\u0000${flag.definition.key}`;
}

/** By flag set, those without one last, then by key. */
export function inOrder(a: StoredFlag, b: StoredFlag): number {
  const [left, right] = [a.flag.flagSetId, b.flag.flagSetId];
  if (left !== right) {
    if (left === undefined) return 1;
    return right === undefined || left < right ? -1 : 1;
  }
  const [key, other] = [a.flag.definition.key, b.flag.definition.key];
  if (key === other) return 0;
  return key < other ? -1 : 1;
}
