import { isObject, type JsonObject } from "../json.ts";

const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const written = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/**
 * A quantity as the API server writes it: no fraction, the largest suffix that allows it. `0.5` is `500m`, `1024Mi` is
 * `1Gi`. What is no quantity, or has an exponent, stays.
 */
export function canonicalQuantity(value: unknown): unknown {
  const match = written.exec(String(value));
  if (!match || (typeof value !== "string" && typeof value !== "number")) return value;
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match;
  if (whole + fraction === "") return value;
  const nano = nanoOf(whole, fraction, suffix);
  if (nano === undefined) return value;
  const text = suffix.endsWith("i") ? (inBinary(nano) ?? inDecimal(nano)) : inDecimal(nano);
  return sign === "-" && text !== "0" ? `-${text}` : text;
}

/** In billionths, rounded up as the API does; nothing smaller is known. */
function nanoOf(whole: string, fraction: string, suffix: string): bigint | undefined {
  const digits = BigInt(whole + fraction);
  const divisor = 10n ** BigInt(fraction.length);
  const scale = suffix.endsWith("i")
    ? 1024n ** BigInt(binary.indexOf(suffix)) * 10n ** 9n
    : 1000n ** BigInt(decimal.indexOf(suffix));
  return (digits * scale + divisor - 1n) / divisor;
}

function inDecimal(nano: bigint): string {
  if (nano === 0n) return "0";
  let [value, index] = [nano, 0];
  while (value % 1000n === 0n && index < decimal.length - 1) [value, index] = [value / 1000n, index + 1];
  return `${value}${decimal[index]}`;
}

function inBinary(nano: bigint): string | undefined {
  if (nano % 10n ** 9n !== 0n) return undefined;
  let [value, index] = [nano / 10n ** 9n, 0];
  if (value === 0n) return "0";
  while (value % 1024n === 0n && index < binary.length - 1) [value, index] = [value / 1024n, index + 1];
  return `${value}${binary[index]}`;
}

/** Writes the quantities of these fields canonically, in place: quantities themselves and lists of resources. */
export function canonicalize(holder: unknown, ...fields: readonly string[]): void {
  if (!isObject(holder)) return;
  for (const field of fields) {
    const value = holder[field];
    if (isObject(value)) canonicalize(value, ...Object.keys(value));
    else if (value !== undefined) holder[field] = canonicalQuantity(value);
  }
}

/** The requests and limits of a container or claim. */
export function canonicalResources(resources: JsonObject): void {
  canonicalize(resources, "requests", "limits");
}
