import { sprintf } from "./printf.ts";
import type { Value } from "./syntax.ts";
import { isTrue, toText, typeName } from "./values.ts";

/** A function that templates call. Throws an Error whose message says what is wrong with the arguments. */
export type TemplateFunction = (args: readonly Value[]) => Value;

/** Go's predefined functions, but for `and` and `or` (which evaluate lazily) and `call` (no value here is a function). */
export const builtinFunctions: Readonly<Record<string, TemplateFunction>> = {
  not: (args) => !isTrue(only(args, "not")),
  len: (args) => {
    const value = only(args, "len");
    if (typeof value === "string") return BigInt(new TextEncoder().encode(value).length);
    if (value instanceof Map) return BigInt(value.size);
    throw new Error(`len of ${typeName(value)}, expected a string or a map`);
  },
  index: ([value = null, ...keys]) => keys.reduce(indexOne, value),
  slice: ([value = null, from = 0n, to, ...rest]) => {
    if (typeof value !== "string" || rest.length > 0)
      throw new Error(`slice of ${typeName(value)}, expected a string and one or two positions`);
    const bytes = new TextEncoder().encode(value);
    const start = position(from, bytes.length);
    const end = to === undefined ? bytes.length : position(to, bytes.length);
    if (end < start) throw new Error(`slice from ${start} to ${end}, expected the end after the start`);
    return new TextDecoder().decode(bytes.subarray(start, end));
  },
  print: (args) => printWith(args, (left, right) => typeof left !== "string" && typeof right !== "string"),
  println: (args) => `${printWith(args, () => true)}\n`,
  printf: ([format = null, ...args]) => {
    if (typeof format !== "string") throw new Error(`printf format is ${typeName(format)}, expected a string`);
    return sprintf(format, args);
  },
  html: (args) =>
    replaceEach(
      printWith(args, () => false),
      htmlEscapes,
    ),
  js: (args) =>
    replaceEach(
      printWith(args, () => false),
      jsEscapes,
    ),
  urlquery: (args) => queryEscape(printWith(args, () => false)),
  eq: ([first = null, ...others]) => {
    if (others.length === 0) throw new Error("eq needs at least two values");
    return others.some((other) => isEqual(first, other));
  },
  ne: (args) => !isEqual(...pair(args, "ne")),
  lt: (args) => compare(...pair(args, "lt")) < 0,
  le: (args) => compare(...pair(args, "le")) <= 0,
  gt: (args) => compare(...pair(args, "gt")) > 0,
  ge: (args) => compare(...pair(args, "ge")) >= 0,
};

function only(args: readonly Value[], name: string): Value {
  const [value] = args;
  if (args.length !== 1 || value === undefined) throw new Error(`${name} got ${args.length} values, expected 1`);
  return value;
}

function pair(args: readonly Value[], name: string): [Value, Value] {
  const [left, right] = args;
  if (args.length !== 2 || left === undefined || right === undefined)
    throw new Error(`${name} got ${args.length} values, expected 2`);
  return [left, right];
}

/** A missing key of a map is its zero value, as in Go: only `.field` access reports it. */
function indexOne(value: Value, key: Value): Value {
  if (value instanceof Map) {
    if (typeof key !== "string") throw new Error(`index of a map with ${typeName(key)}, expected a string`);
    return value.get(key) ?? "";
  }
  if (typeof value === "string") {
    const bytes = new TextEncoder().encode(value);
    const byte = bytes[position(key, bytes.length - 1)];
    return BigInt(byte ?? 0);
  }
  throw new Error(`index of ${typeName(value)}, expected a map or a string`);
}

function position(value: Value, last: number): number {
  if (typeof value !== "bigint" || value < 0n || value > BigInt(last))
    throw new Error(`position ${toText(value)} is out of range, expected 0 to ${last}`);
  return Number(value);
}

function printWith(args: readonly Value[], spaceBetween: (left: Value, right: Value) => boolean): string {
  return args
    .map(
      (value, i) =>
        (i > 0 && spaceBetween(args[i - 1] ?? null, value) ? " " : "") + (value === null ? "<nil>" : toText(value)),
    )
    .join("");
}

function isEqual(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  if (left instanceof Map || right instanceof Map) throw new Error("maps cannot be compared");
  if (typeof left !== typeof right) throw new Error(`${typeName(left)} and ${typeName(right)} cannot be compared`);
  return left === right;
}

function compare(left: Value, right: Value): number {
  const ordered = typeof left === "string" || typeof left === "bigint" || typeof left === "number";
  if (!ordered || typeof left !== typeof right)
    throw new Error(`${typeName(left)} and ${typeName(right)} cannot be ordered`);
  if (left === right) return 0;
  return right !== null && left < right ? -1 : 1;
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&#39;",
  '"': "&#34;",
  "\0": "\uFFFD",
};
const jsEscapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
  "\n": "\\u000A",
  "\r": "\\u000D",
  "\t": "\\u0009",
};

function replaceEach(text: string, escapes: Readonly<Record<string, string>>): string {
  return [...text].map((character) => escapes[character] ?? character).join("");
}

function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%20", "+")
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
