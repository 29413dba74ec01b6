// What a path of `var` finds in the data.
import type { JsonObject, JsonValue } from "../json.ts";
import { isList, isObject, property } from "../json.ts";
import type { Scope } from "./expression.ts";
import { kindOf, spend, TargetingError } from "./expression.ts";
import { arithmeticNumber, plainDecimal, wholeNumber } from "./number.ts";

/** Names every object inherits: only these need the slower look at own properties. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

type Lookup = (data: JsonValue, nowSeconds: number) => JsonValue;

/** Longer texts and lists cost steps where they are read, because every operator that takes them goes through them. */
const freeLength = 256;
/** A step is 64 characters or 16 elements. */
const [characterShift, elementShift] = [6, 4];
const stepsPerCopiedKey = 8;

function charged(value: JsonValue, scope: Scope): JsonValue {
  if (typeof value === "string") {
    if (value.length > freeLength) spend(scope.budget, value.length >>> characterShift);
  } else if (isList(value) && value.length > freeLength) spend(scope.budget, value.length >>> elementShift);
  return value;
}

/** One name without a path, which is a property of the data and nothing else. */
export function isPlainName(path: JsonValue, scope: Scope): path is string {
  if (typeof path !== "string" || path === "" || path.includes(".") || inherited.has(path)) return false;
  return !(scope.root && path === "$flagd");
}

/** Reads the variable that an evaluated operand of `var` stands for. */
export function lookUp(operand: JsonValue, data: JsonValue, nowSeconds: number, scope: Scope): JsonValue {
  return compileLookup(operand, scope)(data, nowSeconds);
}

/** The lookup of a known operand: text, a number, or a list of path and default. */
export function compileLookup(operand: JsonValue, scope: Scope): Lookup {
  if (operand === null) return (data, now) => (typeof data === "object" ? null : whole(data, now, scope));
  if (operand === "") return (data, now) => whole(data, now, scope);
  if (isList(operand)) {
    const [path, fallback = null] = operand;
    if (path === undefined) return (data, now) => whole(data, now, scope);
    if (typeof path !== "string") return () => wrongPath(path);
    return compilePath(path, operand.length === 2 ? fallback : null, scope);
  }
  if (typeof operand === "number") return compilePath(plainDecimal(operand), null, scope);
  if (typeof operand === "string") return compilePath(operand, null, scope);
  return (data) => (data === null ? null : wrongPath(operand));
}

function wrongPath(operand: JsonValue): never {
  throw new TargetingError(`path of "var" is ${kindOf(operand)}, expected a string`);
}

function compilePath(path: string, fallback: JsonValue, scope: Scope): Lookup {
  const segments = path.split(".").filter((segment) => segment !== "");
  const [first, ...rest] = segments;
  if (first === undefined) {
    return (data, now) => (data === null ? fallback : whole(data, now, scope));
  }
  if (scope.root && first === "$flagd") return (_, now) => walk(flagdProperties(scope, now), rest, fallback);
  if (rest.length === 0 && !inherited.has(first)) return compileSegment(first, fallback, scope);
  return (data) => charged(walk(data, segments, fallback), scope);
}

/** The common case: one plain name at the top of the context. */
function compileSegment(name: string, fallback: JsonValue, scope: Scope): Lookup {
  return (data) => charged(isObject(data) ? (data[name] ?? fallback) : walk(data, [name], fallback), scope);
}

function walk(data: JsonValue, segments: readonly string[], fallback: JsonValue): JsonValue {
  let value = data;
  for (const segment of segments) {
    if (isObject(value)) value = inherited.has(segment) ? property(value, segment) : (value[segment] ?? null);
    else if (isList(value)) value = value[wholeNumber(arithmeticNumber(segment))] ?? null;
    else return fallback;
    if (value === null) return fallback;
  }
  return value ?? fallback;
}

/** All of the data; the evaluation context comes with `$flagd`, which a caller cannot set. */
function whole(data: JsonValue, nowSeconds: number, scope: Scope): JsonValue {
  if (!scope.root || !isObject(data)) return charged(data, scope);
  const all = { ...data, $flagd: flagdProperties(scope, nowSeconds) };
  spend(scope.budget, Object.keys(all).length * stepsPerCopiedKey);
  return all;
}

function flagdProperties(scope: Scope, nowSeconds: number): JsonObject {
  return { flagKey: scope.flagKey, timestamp: nowSeconds };
}
