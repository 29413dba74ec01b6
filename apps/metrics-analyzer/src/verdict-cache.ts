/** Remembers answers for a while and gives everybody who asks the same question at the same time the same promise. */
export interface VerdictCache<V> {
  /** The remembered answer, the one being worked out, or a new one. A question whose answer failed is forgotten at once. */
  get(
    question: string,
    answer: () => Promise<V>,
  ): { readonly from: "cache" | "shared" | "new"; readonly value: Promise<V> };
}

interface Entry<V> {
  readonly value: Promise<V>;
  /** Infinite while the answer is being worked out. */
  expiresAt: number;
}

/** A cache of at most `maxEntries` answers, each kept for `ttlMs`; the oldest goes first. */
export function createVerdictCache<V>(o: {
  readonly ttlMs: number;
  readonly maxEntries: number;
  readonly now: () => number;
}): VerdictCache<V> {
  const entries = new Map<string, Entry<V>>();
  const forgetOld = (): void => {
    for (const [question, { expiresAt }] of entries) {
      if (expiresAt > o.now() && entries.size <= o.maxEntries) return;
      entries.delete(question);
    }
  };
  return {
    get(question, answer) {
      const known = entries.get(question);
      if (known !== undefined && known.expiresAt > o.now()) {
        return { from: known.expiresAt === Number.POSITIVE_INFINITY ? "shared" : "cache", value: known.value };
      }
      const entry: Entry<V> = { value: answer(), expiresAt: Number.POSITIVE_INFINITY };
      entries.delete(question);
      entries.set(question, entry);
      entry.value.then(
        () => {
          entry.expiresAt = o.now() + o.ttlMs;
        },
        () => {
          if (entries.get(question) === entry) entries.delete(question);
        },
      );
      forgetOld();
      return { from: "new", value: entry.value };
    },
  };
}
