import type { JsonValue } from "../json.ts";
import { isBlank } from "./blank.ts";
import { kindOf, TargetingError } from "./expression.ts";

// No digit can be matched in two ways: texts come from callers and may be very long.
const digits = "\\d(?:_?\\d)*";
const decimal = new RegExp(`^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`, "i");
const hexDigits = "[\\da-f](?:_?[\\da-f])*";
const hexadecimal = new RegExp(`^([+-]?)0x(_?${hexDigits})?(?:\\.(${hexDigits})?)?p([+-]?${digits})$`, "i");
const infinity = /^([+-]?)inf(?:inity)?$/i;

/**
 * Go's strconv.ParseFloat: no surrounding blanks, `_` between digits, hexadecimal only with an exponent (`0x1p-2`), infinity by
 * name. Infinite for what is too large, undefined for what is not a number.
 */
export function parseFloat64(text: string): number | undefined {
  if (decimal.test(text)) return Number(text.includes("_") ? text.replaceAll("_", "") : text);
  const sign = infinity.exec(text)?.[1];
  if (sign !== undefined) return sign === "-" ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? Number.NaN : parseHexadecimal(text);
}

/** Exact for 13 digits, which is more than anybody writes; beyond that the last bit may differ from Go's. */
function parseHexadecimal(text: string): number | undefined {
  const match = hexadecimal.exec(text.length > 400 ? "" : text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponent = "0"] = match.map((part) => part?.replaceAll("_", ""));
  const mantissa = Number.parseInt(whole + fraction, 16);
  if (Number.isNaN(mantissa)) return undefined;
  const value = mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === "-" ? -value : value;
}

/** A number for comparisons: null is 0, booleans are 0 and 1, blank text is 0, what is no number or too large for one is NaN. */
export function comparableNumber(value: JsonValue): number {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
      return value ? 1 : 0;
    case "string":
      return comparableText(value);
    default:
      return value === null ? 0 : Number.NaN;
  }
}

function comparableText(text: string): number {
  if (isBlank(text)) return 0;
  const value = parseFloat64(text) ?? Number.NaN;
  return Number.isFinite(value) || infinity.test(text) ? value : Number.NaN;
}

/** A number for arithmetic: text that is no number counts as 0; other types are an error. */
export function arithmeticNumber(value: JsonValue | undefined): number {
  if (typeof value === "number") return value;
  if (typeof value === "string") return parseFloat64(value) ?? 0;
  throw new TargetingError(`operand is ${kindOf(value)}, expected a number or a string`);
}

/** Go's conversion of a number to an int64 on amd64: the fraction is cut off; what does not fit is the smallest of all. */
export function wholeNumber(value: number): number {
  return value >= -(2 ** 63) && value < 2 ** 63 ? Math.trunc(value) : -(2 ** 63);
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
