import { isObject, type JsonObject } from "../json.ts";

const decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const written = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/;

/**
 * A quantity as the API server writes it: no fraction, the largest suffix that allows it. `0.5` is `500m`, `1024Mi` is
 * `1Gi`. What is no quantity, or has an exponent, stays.
 */
export function canonicalQuantity(value: unknown): unknown {
  const parsed = parse(value);
  if (!parsed) return value;
  const { nano, isBinary } = parsed;
  const size = nano < 0n ? -nano : nano;
  const text = isBinary ? (inBinary(size) ?? inDecimal(size)) : inDecimal(size);
  return nano < 0n ? `-${text}` : text;
}

/** Whether one quantity is more than another; false when one of them is none. */
export function isMore(quantity: unknown, other: unknown): boolean {
  const [one, two] = [parse(quantity), parse(other)];
  return one !== undefined && two !== undefined && one.nano > two.nano;
}

function parse(value: unknown): { nano: bigint; isBinary: boolean } | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const match = written.exec(String(value));
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match ?? [];
  if (!match || whole + fraction === "") return undefined;
  const size = nanoOf(whole, fraction, suffix);
  return { nano: sign === "-" ? -size : size, isBinary: suffix.endsWith("i") };
}

/** In billionths, rounded up as the API does; nothing smaller is known. */
function nanoOf(whole: string, fraction: string, suffix: string): bigint {
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
