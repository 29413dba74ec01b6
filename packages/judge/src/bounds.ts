/**
 * How a metric is read: Flagger recognises its two built-in metrics by name only.
 * Success rates are percent, durations are milliseconds, custom values are whatever the query returns.
 */
export type MetricKind = "request-success-rate" | "request-duration" | "custom";

/** Inclusive limits; a missing side is not limited. */
export interface Bounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** The limits as a Canary names them: a range, or the deprecated single threshold. */
export interface Limits extends Bounds {
  readonly threshold?: number | undefined;
}

/** The kind of the built-in metric of that name, else `custom`. */
export function metricKindFromName(name: string): MetricKind {
  return name === "request-success-rate" || name === "request-duration" ? name : "custom";
}

/**
 * The limits that apply. A range wins over the deprecated threshold, which is a minimum for success rates and a maximum
 * for everything else. With neither the threshold is 0, as upstream: a success rate always passes, any positive duration
 * or custom value fails. Limits of durations are whole milliseconds, so 0.5 becomes 0.
 */
export function boundsFromLimits(limits: Limits, kind: MetricKind): Bounds {
  const { min, max } = limits;
  if (min === undefined && max === undefined) {
    const threshold = inUnit(limits.threshold ?? 0, kind);
    return kind === "request-success-rate" ? { min: threshold } : { max: threshold };
  }
  return {
    ...(min === undefined ? {} : { min: inUnit(min, kind) }),
    ...(max === undefined ? {} : { max: inUnit(max, kind) }),
  };
}

/** The value that is compared: durations are cut to whole milliseconds, everything else is left as it is. */
export function comparableValue(value: number, kind: MetricKind): number {
  return inUnit(value, kind);
}

function inUnit(value: number, kind: MetricKind): number {
  // `+ 0` turns the -0 of truncated small negatives into 0, as Go's integers have it.
  return kind === "request-duration" ? Math.trunc(value) + 0 : value;
}
