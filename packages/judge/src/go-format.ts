/**
 * Numbers and durations as Go's `fmt` prints them, because event texts are compared with Flagger's by people and by scripts.
 */

/** Go's `%.2f`: two decimals, exact ties to the even digit, never an exponent. */
export function formatFixed2(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  // From 2^53 on every float is whole, and toFixed would switch to an exponent at 1e21.
  if (magnitude >= 2 ** 53) return `${sign}${BigInt(magnitude)}.00`;
  // A float lies exactly between two hundredths only when it is an odd number of eighths; toFixed rounds those up.
  const eighths = magnitude * 8;
  if (Number.isInteger(eighths) && eighths % 2 === 1) {
    const lower = Math.floor(magnitude * 100);
    const even = lower % 2 === 0 ? lower : lower + 1;
    return `${sign}${Math.floor(even / 100)}.${String(even % 100).padStart(2, "0")}`;
  }
  return sign + magnitude.toFixed(2);
}

/** Go's `%v` of a float64: the shortest text that reads back to the same value, with an exponent below 1e-4 and from 1e6 on (`1e+06`). */
export function formatFloat(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  if (Object.is(value, -0)) return "-0";
  const [mantissa = "0", exponentText = "0"] = value.toExponential().split("e");
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= 6) {
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  return plainDecimal(mantissa, exponent);
}

const maxDurationNs = 2n ** 63n - 1n;
const minDurationNs = -(2n ** 63n);

/** Go's `time.Duration` of that many milliseconds, as `String()` prints it: `500ms`, `1.515s`, `1h0m0s`. Clamped to Go's range. */
export function formatDuration(milliseconds: number): string {
  const ns = nanoseconds(milliseconds);
  if (ns === 0n) return "0s";
  const sign = ns < 0n ? "-" : "";
  const magnitude = ns < 0n ? -ns : ns;
  if (magnitude < 1_000n) return `${sign}${magnitude}ns`;
  if (magnitude < 1_000_000n) return `${sign}${withFraction(magnitude, 1_000n)}µs`;
  if (magnitude < 1_000_000_000n) return `${sign}${withFraction(magnitude, 1_000_000n)}ms`;
  const minuteNs = 60_000_000_000n;
  const minutes = magnitude / minuteNs;
  const seconds = `${withFraction(magnitude % minuteNs, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${seconds}` : `${sign}${hours}h${minutes % 60n}m${seconds}`;
}

function nanoseconds(milliseconds: number): bigint {
  if (Number.isNaN(milliseconds)) return 0n;
  const ns = milliseconds * 1e6;
  if (ns >= Number(maxDurationNs)) return maxDurationNs;
  if (ns <= Number(minDurationNs)) return minDurationNs;
  return BigInt(Math.round(ns));
}

function withFraction(amount: bigint, unit: bigint): string {
  const digits = unit.toString().length - 1;
  const fraction = (amount % unit).toString().padStart(digits, "0").replace(/0+$/, "");
  return fraction === "" ? `${amount / unit}` : `${amount / unit}.${fraction}`;
}

function plainDecimal(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace("-", "").replace(".", "");
  const point = exponent + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (digits.length <= point) return sign + digits.padEnd(point, "0");
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : undefined;
}
