/** The outcome of all requests of a run, in bounded memory. */
export interface Results {
  answered(o: { ms: number; status: number; bytes: number }): void;
  failed(reason: string): void;
  readonly answers: number;
  readonly bytes: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly errors: ReadonlyMap<string, number>;
  /** In ascending order, milliseconds. Beyond a million answers a uniform sample. */
  latencies(): Float64Array;
  readonly totalMs: number;
}

const maxKept = 1_000_000;
const maxReasons = 100;

/** Keeps a sample of the times when there are many; `random` chooses it. */
export function createResults(random: () => number = Math.random): Results {
  let kept = new Float64Array(1_024);
  let answers = 0;
  let bytes = 0;
  let totalMs = 0;
  const statuses = new Map<number, number>();
  const errors = new Map<string, number>();

  const keep = (ms: number): void => {
    if (answers <= maxKept) {
      if (answers > kept.length) {
        const larger = new Float64Array(Math.min(kept.length * 2, maxKept));
        larger.set(kept);
        kept = larger;
      }
      kept[answers - 1] = ms;
      return;
    }
    // Reservoir sampling: every answer is in the sample with the same probability.
    const place = Math.floor(random() * answers);
    if (place < maxKept) kept[place] = ms;
  };
  return {
    answered(o) {
      answers++;
      bytes += o.bytes;
      totalMs += o.ms;
      statuses.set(o.status, (statuses.get(o.status) ?? 0) + 1);
      keep(o.ms);
    },
    failed(reason) {
      const name = errors.has(reason) || errors.size < maxReasons ? reason : "other errors";
      errors.set(name, (errors.get(name) ?? 0) + 1);
    },
    get answers() {
      return answers;
    },
    get bytes() {
      return bytes;
    },
    get totalMs() {
      return totalMs;
    },
    statuses,
    errors,
    latencies: () => kept.slice(0, Math.min(answers, maxKept)).sort(),
  };
}
