import { setImmediate as nextTurn } from "node:timers/promises";
import type { Problem } from "@burgee/flag-engine";
import { FlagSyncError } from "./flag-sync-error.ts";
import { type LoadedFlags, loadDocument, type LoadResult, noFlags } from "./load-document.ts";
import { createSnapshot, type FlagSnapshot } from "./snapshot.ts";

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
  /**
   * The same with pauses, in which others can evaluate. Documents of one source must be given one after the other.
   * Rejects with `invalid_source` for a source that the store does not know.
   */
  updateInSteps(source: string, document: unknown): Promise<UpdateResult>;
  /** The newest version. */
  snapshot(): FlagSnapshot;
  /** Calls back after every change. Returns how to stop. */
  onChange(listener: SnapshotListener): () => void;
}

/** An empty store. Of two sources the one that comes later in the list wins. */
export function createFlagStore(sources: readonly string[]): FlagStore {
  const bySource: LoadedFlags[] = sources.map(() => noFlags);
  const listeners = new Set<SnapshotListener>();
  let current = createSnapshot(0, []);

  const begin = (source: string, document: unknown): { priority: number; steps: Generator<void, LoadResult> } => {
    const priority = sources.lastIndexOf(source);
    if (priority === -1) {
      throw new FlagSyncError(
        "invalid_source",
        `source "${source}" is unknown, expected one of: ${sources.join(", ")}`,
      );
    }
    const before = bySource[priority] ?? noFlags;
    return { priority, steps: loadDocument(document, before, { source, priority }) };
  };

  const finish = (priority: number, result: LoadResult): UpdateResult => {
    if (!result.ok) return result;
    const { loaded, warnings } = result;
    const before = bySource[priority]?.flags ?? [];
    const after = loaded.flags;
    const changed = after.length !== before.length || after.some((stored, index) => stored !== before[index]);
    bySource[priority] = loaded;
    if (changed) {
      const previous = current;
      current = createSnapshot(
        previous.version + 1,
        bySource.map(({ flags }) => flags),
      );
      for (const listener of listeners) listener(current, previous);
    }
    return { ok: true, changed, flags: after.length, warnings };
  };

  return {
    update(source, document) {
      const { priority, steps } = begin(source, document);
      let step = steps.next();
      while (step.done !== true) step = steps.next();
      return finish(priority, step.value);
    },
    async updateInSteps(source, document) {
      const { priority, steps } = begin(source, document);
      let step = steps.next();
      while (step.done !== true) {
        await nextTurn();
        step = steps.next();
      }
      return finish(priority, step.value);
    },
    snapshot: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
