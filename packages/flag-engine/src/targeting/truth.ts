import type { JsonObject, JsonValue } from "../json.ts";
import { isList } from "../json.ts";
import { comparableNumber } from "./number.ts";

/** False for false, 0, empty text, empty lists, empty objects and null; NaN is true, as everything not zero. */
export function isTrue(value: JsonValue): boolean {
  switch (typeof value) {
    case "boolean":
      return value;
    case "number":
      return value !== 0;
    case "string":
      return value !== "";
    default:
      if (value === null) return false;
      return isList(value) ? value.length > 0 : hasKeys(value);
  }
}

function hasKeys(object: JsonObject): boolean {
  for (const key in object) if (Object.hasOwn(object, key)) return true;
  return false;
}

/** `==`: null equals only null, two texts compare exactly, everything else as numbers. */
export function looselyEqual(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (a === null || b === null) return a === b;
  if (typeof a === "string" && typeof b === "string") return a === b;
  return comparableNumber(a) === comparableNumber(b);
}

/** `===`: as `==` between values of one kind; lists and objects are never equal. */
export function strictlyEqual(a: JsonValue, b: JsonValue): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a !== typeof b || isList(a) !== isList(b)) return false;
  return looselyEqual(a, b);
}

/** `<`: two texts by their UTF-8 bytes, everything else as numbers. */
export function less(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (typeof a === "string" && typeof b === "string") return lessText(a, b);
  return comparableNumber(a) < comparableNumber(b);
}

/** `<=`: less or equal, which for numbers is one comparison. */
export function lessOrEqual(a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "number" && typeof b === "number") return a <= b;
  return less(a, b) || looselyEqual(a, b);
}

/** The order of UTF-8 bytes, which is that of code points: surrogates come after U+E000–U+FFFF. */
function lessText(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) < rank(right);
  }
  return a.length < b.length;
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x10000 : unit;
}
