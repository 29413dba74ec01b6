import { type Bounds, boundsFromLimits, comparableValue, type Limits, type MetricKind } from "./bounds.ts";

/** Which limit a value broke, and its size in the unit of the metric. */
export interface Breach {
  readonly side: "below-min" | "above-max";
  readonly limit: number;
}

/** How one measured value compares with its limits. */
export interface Judgement {
  readonly outcome: "pass" | "fail";
  /** The value that was compared, in the unit of the metric (percent, whole milliseconds, or the query's own). */
  readonly value: number;
  /** The limits that applied, also when they came from the deprecated threshold. */
  readonly bounds: Bounds;
  /** Present when the outcome is `fail`; the minimum is looked at first. */
  readonly breach?: Breach;
}

/**
 * Compares a value with its limits; both ends are inclusive. The value must be a number: NaN means no data and is the
 * caller's to report as unknown. Infinite values are compared like others.
 */
export function judgeValue(measured: number, limits: Limits, kind: MetricKind): Judgement {
  if (Number.isNaN(measured))
    throw new RangeError("judgeValue: value is NaN, expected a number; NaN means that there is no data");
  const value = comparableValue(measured, kind);
  const bounds = boundsFromLimits(limits, kind);
  const breach = findBreach(value, bounds);
  return breach === undefined ? { outcome: "pass", value, bounds } : { outcome: "fail", value, bounds, breach };
}

function findBreach(value: number, { min, max }: Bounds): Breach | undefined {
  if (min !== undefined && value < min) return { side: "below-min", limit: min };
  if (max !== undefined && value > max) return { side: "above-max", limit: max };
  return undefined;
}
