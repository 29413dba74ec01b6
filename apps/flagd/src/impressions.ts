import type { CompiledFlag, ErrorCode, Resolution, Resolved } from "@burgee/flag-engine";
import type { Metrics, Series } from "@burgee/service-kit";
import { flagdScope } from "./scope.ts";

/** Counts evaluations under upstream's metric names and ours. */
export interface EvaluationCounts {
  /**
   * One answer and the time that it took. Pass the resolution as the engine gave it: it is made once for each flag, variant and
   * reason, so its counters are found by its identity. `flag` is undefined when no flag has the key that was asked for: keys that
   * callers make up never become labels.
   */
  record(flag: CompiledFlag | undefined, resolution: Resolution, seconds: number): void;
  /** All answers since the start by flag set, flag, variant and reason; those over the limit of series have no flag. */
  totals(): Iterable<Series<{ readonly value: number }>>;
  /** Whether the flag, or an older version of it, was ever asked for. */
  isEvaluated(flag: CompiledFlag): boolean;
  /** Forgets which flags were asked for, but for these. */
  keepEvaluated(flags: Iterable<CompiledFlag>): void;
}

interface Counter {
  value: number;
}

/** What one more of the same answer adds to. */
interface Counters {
  readonly evaluations: Counter;
  readonly impressions: Counter;
  readonly reasons: Counter;
}

const provider = { "feature_flag.provider.name": "flagd" };

/** From a microsecond, which a static flag takes, to the time in which a client gives up. */
const latencyBounds = [1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 5e-3, 2.5e-2, 0.1, 0.5];

/** Registers upstream's counters of evaluations. */
export function createEvaluationCounts({ instruments }: Metrics): EvaluationCounts {
  const impressions = instruments.counter({
    name: "feature_flag.flagd.impression",
    unit: "{impression}",
    help: "Measures the number of evaluations for a given flag.",
    attributes: [
      "feature_flag.key",
      "feature_flag.result.variant",
      "feature_flag.provider.name",
      "feature_flag.reason",
    ],
    scope: flagdScope,
  });
  const reasons = instruments.counter({
    name: "feature_flag.flagd.result.reason",
    unit: "{reason}",
    help: "Measures the number of evaluations for a given reason.",
    attributes: ["feature_flag.provider.name", "feature_flag.reason", "feature_flag.key", "ExceptionTypeKeyName"],
    scope: flagdScope,
  });
  const evaluations = instruments.counter({
    name: "flag_evaluations",
    help: "Evaluations with an answer, by flag set, flag, variant and reason",
    attributes: ["flag_set", "flag", "variant", "reason"],
  });
  const errors = instruments.counter({
    name: "flag_errors",
    help: "Evaluations without an answer, by error code; flag is empty when no flag has the key",
    attributes: ["flag_set", "flag", "code"],
  });
  const latency = instruments
    .histogram({
      name: "evaluation_latency",
      unit: "s",
      help: "Time to evaluate one flag",
      bounds: latencyBounds,
    })
    .with({});

  const byAnswer = new WeakMap<Resolved, Counters>();
  const evaluated = new Set<string>();
  const identities = new WeakMap<CompiledFlag, string>();

  // The same for all versions of a flag. Kept: it is asked for with every scrape, for every flag.
  const identityOf = (flag: CompiledFlag): string => {
    const known = identities.get(flag);
    if (known !== undefined) return known;
    const identity = JSON.stringify([flag.flagSetId ?? "", flag.definition.key]);
    identities.set(flag, identity);
    return identity;
  };

  const countersOf = (flag: CompiledFlag | undefined, answer: Resolved): Counters => {
    if (flag !== undefined) evaluated.add(identityOf(flag));
    const key = flag?.definition.key ?? "";
    const { reason, variant = "" } = answer;
    const shared = { "feature_flag.key": key, "feature_flag.reason": reason, ...provider };
    const counters = {
      evaluations: evaluations.with({ flag_set: flag?.flagSetId ?? "", flag: key, variant, reason }),
      impressions: impressions.with({ ...shared, "feature_flag.result.variant": variant }),
      reasons: reasons.with(shared),
    };
    byAnswer.set(answer, counters);
    return counters;
  };

  const countError = (flag: CompiledFlag | undefined, code: ErrorCode): void => {
    if (flag !== undefined) evaluated.add(identityOf(flag));
    errors.with({ flag_set: flag?.flagSetId ?? "", flag: flag?.definition.key ?? "", code }).value += 1;
    reasons.with({ "feature_flag.reason": "ERROR", ExceptionTypeKeyName: code, ...provider }).value += 1;
  };

  return {
    record(flag, resolution, seconds) {
      latency.record(seconds);
      if (!resolution.ok) return countError(flag, resolution.errorCode);
      const counters = byAnswer.get(resolution) ?? countersOf(flag, resolution);
      counters.evaluations.value += 1;
      counters.impressions.value += 1;
      counters.reasons.value += 1;
    },
    totals: () => evaluations.series(),
    isEvaluated: (flag) => evaluated.has(identityOf(flag)),
    keepEvaluated(flags) {
      const kept = new Set([...flags].map(identityOf));
      for (const identity of evaluated) if (!kept.has(identity)) evaluated.delete(identity);
    },
  };
}
