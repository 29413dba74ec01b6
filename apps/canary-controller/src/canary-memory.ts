// What this process knows of one Canary and may forget: status names everything that is still to be told.
import type { HookResult, VerdictSeen } from "@burgee/rollout-engine";
import type { Answers, Question } from "./answers.ts";

/** Memory of one Canary, from its first pass in this process to its deletion or the loss of its shard. */
export interface CanaryMemory {
  readonly uid: string;
  /** Ids of notices delivered, of checks published, and keys of hooks under way or done. */
  announced(): string[];
  announce(id: string): void;
  /** An announcement that has to be made again. */
  unannounce(id: string): void;
  hookResults(): Readonly<Record<string, HookResult>>;
  finishHook(key: string, result: HookResult): void;
  answer(question: Question): VerdictSeen | undefined;
  /** Parts of a notice that were done while others failed. */
  noticeProgress(id: string): Set<string>;
  /** Forgets what no status names any more. */
  keepOnly(outstanding: ReadonlySet<string>): void;
}

export function createCanaryMemory(uid: string, answers: Pick<Answers, "get">): CanaryMemory {
  const announced = new Set<string>();
  const results = new Map<string, HookResult>();
  const progress = new Map<string, Set<string>>();
  return {
    uid,
    announced: () => [...announced],
    announce: (id) => void announced.add(id),
    unannounce: (id) => void announced.delete(id),
    hookResults: () => Object.fromEntries(results),
    finishHook: (key, result) => void results.set(key, result),
    answer: (question) => answers.get(uid, question),
    noticeProgress(id) {
      const parts = progress.get(id) ?? new Set<string>();
      progress.set(id, parts);
      return parts;
    },
    keepOnly(outstanding) {
      for (const id of announced) if (!outstanding.has(id)) announced.delete(id);
      for (const key of results.keys()) if (!outstanding.has(key)) results.delete(key);
      for (const id of progress.keys()) if (!outstanding.has(id)) progress.delete(id);
    },
  };
}
