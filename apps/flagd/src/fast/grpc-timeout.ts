const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1 };

/** Longer deadlines are not watched: no message is waited for that long. */
const longestMs = 3_600_000;

/**
 * The milliseconds of a `grpc-timeout`; Infinity without one. Undefined for what is malformed or too short to be kept: Connect
 * answers that.
 */
export function readTimeoutMs(header: string | undefined): number | undefined {
  if (header === undefined) return Number.POSITIVE_INFINITY;
  const [, digits, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(header) ?? [];
  if (digits === undefined) return undefined;
  const ms = Math.floor(Number(digits) * (unitMs[unit] ?? (unit === "u" ? 1e-3 : 1e-6)));
  if (ms < 1) return undefined;
  return ms > longestMs ? Number.POSITIVE_INFINITY : ms;
}
