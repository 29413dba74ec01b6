import { create } from "@bufbuild/protobuf";
import {
  type MetricResult,
  MetricResultSchema,
  Reason,
  Result,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import {
  type Bounds,
  breachText,
  boundsFromLimits,
  type CanaryName,
  judgeValue,
  type Limits,
  type MetricKind,
} from "@burgee/judge";

/** Reasons that say nothing about the canary. */
export type UnknownReason = Reason.NO_DATA | Reason.PROVIDER_UNREACHABLE | Reason.INVALID;

/** What measuring came to: a value in the unit of its kind (percent, milliseconds, the query's own), or why there is none. */
export type Finding =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "unknown"; readonly reason: UnknownReason; readonly message: string };

/** What a finding is judged by. */
export interface JudgingContext {
  readonly canary: CanaryName;
  readonly metric: { readonly name: string } & Limits;
  readonly kind: MetricKind;
  /** The metric fails where it would be unknown, as Flagger counts. */
  readonly noDataFails: boolean;
}

/** The result of one metric; values and limits of built-in durations are seconds. */
export function judgeFinding(finding: Finding, { canary, metric, kind, noDataFails }: JudgingContext): MetricResult {
  const { name } = metric;
  if (finding.kind === "unknown") {
    const { reason, message } = finding;
    const bounds = shownBounds(boundsFromLimits(metric, kind), kind);
    return create(MetricResultSchema, {
      name,
      ...bounds,
      result: noDataFails ? Result.FAIL : Result.UNKNOWN,
      reason,
      message,
    });
  }
  const { value, bounds, breach } = judgeValue(finding.value, metric, kind);
  // Infinity has no place in JSON, where the controller records values; the message names it.
  const measured = { name, ...(Number.isFinite(value) && { value: shown(value, kind) }), ...shownBounds(bounds, kind) };
  if (breach === undefined) return create(MetricResultSchema, { ...measured, result: Result.PASS });
  const reason = breach.side === "below-min" ? Reason.BELOW_MIN : Reason.ABOVE_MAX;
  const message = breachText({ canary, metric: name, kind, value, breach });
  return create(MetricResultSchema, { ...measured, result: Result.FAIL, reason, message });
}

function shown(amount: number, kind: MetricKind): number {
  return kind === "request-duration" ? amount / 1000 : amount;
}

function shownBounds({ min, max }: Bounds, kind: MetricKind): Bounds {
  return {
    ...(min === undefined ? {} : { min: shown(min, kind) }),
    ...(max === undefined ? {} : { max: shown(max, kind) }),
  };
}
