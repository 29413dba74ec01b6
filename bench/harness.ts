import { cpus, totalmem } from "node:os";

/** What a bench is told. */
export interface BenchOptions {
  /** Measured repeats; medians are taken over them. */
  readonly rounds: number;
  /** A running server to compare with, for benches that do. */
  readonly peer: string | undefined;
  /** Progress for people. */
  readonly say: (line: string) => void;
}

/** What a bench found. Ratios are ours over the baseline's in the same run; figures are medians with their unit in the name. */
export interface BenchReport {
  readonly ratios: Readonly<Record<string, Values>>;
  readonly figures: Readonly<Record<string, Values>>;
}

/** One value, or one for each of several things by name. */
export type Values = number | Readonly<Record<string, number>>;

/** One benchmark: a file in this folder, listed in `benches.ts`. */
export interface Bench {
  /** What is compared with what. */
  readonly about: string;
  /** Whether `--peer` means something to it. */
  readonly takesPeer?: boolean;
  run(o: BenchOptions): Promise<BenchReport>;
}

/** The numbers that one run of one contender gives. */
export type Sample = Readonly<Record<string, number>>;

/** A contender's samples, by what was measured. */
export type Samples = Readonly<Record<string, readonly number[]>>;

/**
 * Runs the contenders in turn, `rounds` times after one round of warm-up, reversing their order every round so that neither
 * always has the warmer machine.
 */
export async function alternate<K extends string>(
  contenders: Readonly<Record<K, () => Promise<Sample>>>,
  { rounds, say }: Pick<BenchOptions, "rounds" | "say">,
): Promise<Record<K, Samples>> {
  const names = Object.keys(contenders).filter((name): name is K => Object.hasOwn(contenders, name));
  const results = new Map<K, Record<string, number[]>>(names.map((name) => [name, {}]));
  for (let round = 0; round <= rounds; round++) {
    say(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await contenders[name]();
      if (round > 0) addSample(results.get(name) ?? {}, sample);
    }
  }
  const samplesOf = (name: K): [K, Samples] => [name, results.get(name) ?? {}];
  return fromEntries(names.map(samplesOf));
}

function addSample(samples: Record<string, number[]>, sample: Sample): void {
  for (const [what, value] of Object.entries(sample)) {
    const values = samples[what] ?? [];
    values.push(value);
    samples[what] = values;
  }
}

function fromEntries<K extends string, V>(entries: readonly (readonly [K, V])[]): Record<K, V> {
  const record: Partial<Record<K, V>> = {};
  for (const [key, value] of entries) record[key] = value;
  return record as Record<K, V>;
}

/** What the figures depend on. */
export function describeMachine(): Readonly<Record<string, string | number>> {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
  };
}
