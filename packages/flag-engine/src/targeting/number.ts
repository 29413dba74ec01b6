import type { JsonValue } from "../json.ts";
import { kindOf, TargetingError } from "./expression.ts";

// No digit can be matched in two ways: texts come from callers and may be very long.
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/** Go's strconv.ParseFloat for decimal numbers: no surrounding blanks, no hexadecimal; undefined when it is not a number. */
export function parseFloat64(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const sign = infinity.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? Number.NaN : undefined;
}

/** A number for comparisons: null is 0, booleans are 0 and 1, blank text is 0, what is no number is NaN. */
export function comparableNumber(value: JsonValue): number {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return value.trim() === "" ? 0 : (parseFloat64(value) ?? Number.NaN);
    default:
      return value === null ? 0 : Number.NaN;
  }
}

/** A number for arithmetic: text that is no number counts as 0; other types are an error. */
export function arithmeticNumber(value: JsonValue | undefined): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  throw new TargetingError(`operand is ${kindOf(value)}, expected a number or a string`);
}

/** Go's conversion of a number to an int64, as far as positions in lists and texts need it. */
export function wholeNumber(value: number): number {
  return Number.isFinite(value) ? Math.trunc(value) : Number.MIN_SAFE_INTEGER;
}

/** Text for `cat`, `substr` and paths: numbers in plain decimals, null as nothing; other types are an error. */
export function textOf(value: JsonValue | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return plainDecimal(value);
  if (value === null || value === undefined) return "";
  throw new TargetingError(`operand is ${kindOf(value)}, expected a string, a number or null`);
}

/** The shortest decimal text without an exponent, as Go's FormatFloat(v, 'f', -1, 64) writes it. */
export function plainDecimal(value: number): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  if (Object.is(value, -0)) return "-0";
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = "", first = "", rest = "", exponentText = "0"] = match;
  const exponent = Number(exponentText);
  const digits = first + rest;
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  return `${sign}${digits}${"0".repeat(exponent - rest.length)}`;
}
