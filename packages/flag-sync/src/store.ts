import type { FlagDefinition, Problem } from "@burgee/flag-engine";
import { compileFlag, flagSetIdOf, jsonEqual, parseFlagDocument } from "@burgee/flag-engine";
import { FlagSyncError } from "./flag-sync-error.ts";
import type { FlagSnapshot, StoredFlag } from "./snapshot.ts";
import { createSnapshot } from "./snapshot.ts";

/** What became of a document. A rejected one changes nothing: the last good version of its source stays. */
export type UpdateResult =
  | {
      readonly ok: true;
      readonly changed: boolean;
      /** How many flags the document has. */
      readonly flags: number;
      readonly warnings: readonly Problem[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type SnapshotListener = (after: FlagSnapshot, before: FlagSnapshot) => void;

/** The flags of several sources as one set that changes from version to version. */
export interface FlagStore {
  /** Replaces everything that the source had. Throws `invalid_source` for a source that the store does not know. */
  update(source: string, document: unknown): UpdateResult;
  /** The newest version. */
  snapshot(): FlagSnapshot;
  /** Calls back after every change. Returns how to stop. */
  onChange(listener: SnapshotListener): () => void;
}

/** An empty store. Of two sources the one that comes later in the list wins. */
export function createFlagStore(sources: readonly string[]): FlagStore {
  const bySource: StoredFlag[][] = sources.map(() => []);
  const listeners = new Set<SnapshotListener>();
  let current = createSnapshot(0, bySource);
  return {
    update(source, document) {
      const priority = sources.lastIndexOf(source);
      if (priority === -1) {
        throw new FlagSyncError(
          "invalid_source",
          `source "${source}" is unknown, expected one of: ${sources.join(", ")}`,
        );
      }
      const parsed = parseFlagDocument(document);
      if (!parsed.ok) return parsed;
      const { flags, warnings } = parsed.document;
      const before = bySource[priority] ?? [];
      const after = storeFlags(flags, before, { source, priority });
      const changed = after.length !== before.length || after.some((stored, index) => stored !== before[index]);
      if (changed) {
        bySource[priority] = after;
        const previous = current;
        current = createSnapshot(previous.version + 1, bySource);
        for (const listener of listeners) listener(current, previous);
      }
      return { ok: true, changed, flags: after.length, warnings };
    },
    snapshot: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Flags that did not change keep their object, so that nothing is compiled twice. */
function storeFlags(
  definitions: readonly FlagDefinition[],
  before: readonly StoredFlag[],
  origin: { source: string; priority: number },
): StoredFlag[] {
  const old = new Map(before.map((stored) => [identityOf(stored.flag.definition), stored]));
  return definitions.map((definition) => {
    const known = old.get(identityOf(definition));
    if (known !== undefined && sameDefinition(known.flag.definition, definition)) return known;
    return { flag: compileFlag(definition), ...origin };
  });
}

function sameDefinition(a: FlagDefinition, b: FlagDefinition): boolean {
  return (
    a.state === b.state &&
    a.defaultVariant === b.defaultVariant &&
    jsonEqual(a.variants, b.variants) &&
    jsonEqual(a.targeting, b.targeting) &&
    jsonEqual(a.metadata, b.metadata)
  );
}

function identityOf(definition: FlagDefinition): string {
  return JSON.stringify([flagSetIdOf(definition) ?? "", definition.key]);
}
