import type { JsonObject, JsonValue } from "../json.ts";

/** A rule on which the Go server, which is the law here, differs from a JavaScript implementation. */
export interface Deviation {
  readonly rule: JsonValue;
  readonly data?: JsonObject;
  /** Our result; `error` stands for an evaluation that fails. */
  readonly ours: JsonValue | typeof error;
  readonly theirs: JsonValue | typeof error | undefined;
  readonly why: string;
}

export const error = Symbol("error");

/** Against json-logic-js 2.0. */
export const jsonLogicJs: readonly Deviation[] = [
  { rule: { "!!": [{ var: "o" }] }, data: { o: {} }, ours: false, theirs: true, why: "an empty object is false" },
  { rule: { "==": [1, " 1"] }, ours: false, theirs: true, why: "numbers in text are not trimmed" },
  { rule: { "==": [16, "0x10"] }, ours: false, theirs: true, why: "numbers in text are decimal" },
  { rule: { ">": [3, 2, 5] }, ours: false, theirs: true, why: "> and >= take three operands, too" },
  { rule: { "+": [1, "x"] }, ours: 1, theirs: Number.NaN, why: "text that is no number counts as 0" },
  { rule: { "+": [1, null] }, ours: error, theirs: Number.NaN, why: "null is no operand of arithmetic" },
  { rule: { "-": [10, 2, 3] }, ours: 5, theirs: 8, why: "subtraction takes any number of operands" },
  { rule: { max: [] }, ours: null, theirs: -Infinity, why: "the largest of nothing is null" },
  { rule: { cat: [" a", "b "] }, ours: "ab", theirs: " ab ", why: "cat of several operands is trimmed" },
  {
    rule: { cat: [1e21] },
    ours: "1000000000000000000000",
    theirs: "1e+21",
    why: "numbers are written without exponent",
  },
  { rule: { cat: ["a", true] }, ours: error, theirs: "atrue", why: "booleans are no text" },
  { rule: { in: ["", ""] }, ours: true, theirs: false, why: "empty text contains empty text" },
  { rule: { in: [null, "abc"] }, ours: error, theirs: false, why: "only text can be part of a text" },
  { rule: { in: [2, ["1", "2"]] }, ours: true, theirs: false, why: "a number is compared with the number in a text" },
  { rule: { in: [5, [[4, 6]]] }, ours: true, theirs: false, why: "a list inside a list is a range" },
  { rule: { missing: ["a"] }, data: { a: "" }, ours: [], theirs: ["a"], why: "empty text is not missing" },
  { rule: { var: ["a", 1] }, data: { a: null }, ours: 1, theirs: null, why: "the default also replaces null" },
  { rule: { var: "toString.length" }, ours: null, theirs: 0, why: "inherited properties are not data" },
  { rule: { substr: ["😀a", 0, 1] }, ours: "😀", theirs: "\ud83d", why: "positions count code points" },
  { rule: { substr: ["abc", 9] }, ours: "abc", theirs: "", why: "a start outside of the text gives all of it" },
  { rule: { and: [] }, ours: null, theirs: undefined, why: "there is no undefined" },
  { rule: { and: true }, ours: error, theirs: true, why: "and, or and if need a list" },
  { rule: { log: "a" }, ours: error, theirs: "a", why: "log, method and others do not exist" },
  {
    rule: { if: [true, { var: "r" }] },
    data: { r: { "+": [1, 2] } },
    ours: 3,
    theirs: { "+": [1, 2] },
    why: "an object that if chose is evaluated once more",
  },
  {
    rule: { some: [[1, 2], { "==": [{ var: "" }, { var: "limit" }] }] },
    data: { limit: 2 },
    ours: true,
    theirs: false,
    why: "filter, none and some read the surrounding context first",
  },
  { rule: { "==": [[1], 1] }, ours: false, theirs: true, why: "a list is no number" },
  { rule: { "==": [1000, "1_000"] }, ours: true, theirs: false, why: "_ may stand between digits" },
  { rule: { ">": ["inf", 1] }, ours: true, theirs: false, why: "infinity is a number by its name" },
  { rule: { "<": ["\uffee", "😀"] }, ours: true, theirs: false, why: "texts are ordered by their UTF-8 bytes" },
  { rule: { "+": [1, "2x"] }, ours: 1, theirs: 3, why: "text that only begins with a number counts as 0" },
  { rule: { "-": "3" }, ours: error, theirs: -3, why: "arithmetic, except + and abs, needs a list" },
  { rule: { "%": [5] }, ours: error, theirs: Number.NaN, why: "% needs two operands" },
  {
    rule: { max: ["a", 1] },
    ours: 1,
    theirs: Number.NaN,
    why: "text that is no number counts as 0 in max and min, too",
  },
  { rule: { var: ["x", 7, 8] }, ours: null, theirs: 7, why: "a default counts only as the second of two" },
  { rule: { var: true }, ours: error, theirs: null, why: "a path is text or a number" },
  { rule: { var: "a.x" }, data: { a: [5] }, ours: 5, theirs: null, why: "a path into a list that is no number is 0" },
  { rule: { missing_some: [1, ["a"]] }, data: { a: "" }, ours: [], theirs: ["a"], why: "empty text is there" },
  { rule: { merge: null }, ours: error, theirs: [null], why: "null cannot be merged" },
  {
    rule: { map: [{ var: "n" }, 1] },
    data: { n: 5 },
    ours: error,
    theirs: [],
    why: "what is gone over must be a list or null",
  },
  {
    rule: { map: [[{ "+": [1, 1] }], { var: "" }] },
    ours: [{ "+": [1, 1] }],
    theirs: [2],
    why: "a list that is written out is not evaluated",
  },
  {
    rule: { all: [{ var: "l" }, { var: "on" }] },
    data: { l: [{ on: true }] },
    ours: error,
    theirs: true,
    why: "the condition of all, none and some must be an operator call",
  },
  {
    rule: { reduce: [{ var: "l" }, { "+": [{ var: "accumulator" }, 1] }, 0] },
    data: { l: [1, null] },
    ours: 1,
    theirs: 2,
    why: "reduce leaves null out",
  },
  {
    rule: { reduce: [{ var: "l" }, { cat: [{ var: "current" }, "x"] }, 0] },
    data: { l: [1] },
    ours: 0,
    theirs: "1x",
    why: "the result of reduce has the type of its initial value",
  },
  { rule: { reduce: [{ var: "x" }, { var: "current" }, "s"] }, ours: 0, theirs: "s", why: "reduce over nothing is 0" },
  { rule: { abs: -1 }, ours: 1, theirs: error, why: "abs, set, contains_all, contains_any and contains_none exist" },
  { rule: { substr: ["abcd", 3, -3] }, ours: error, theirs: "", why: "a part cannot end before it starts" },
];

/** Against @openfeature/flagd-core 4.0 in its interpreting mode; results are names of variants. */
export const flagdCore: readonly Deviation[] = [
  {
    rule: { fractional: ["é", ["a", 1], ["b", 9]] },
    ours: "a",
    theirs: "b",
    why: "the UTF-8 bytes are hashed, not the UTF-16 units",
  },
  {
    rule: { fractional: [{ var: "x" }, ["a", 1], ["b", 1]] },
    data: { targetingKey: "k" },
    ours: "b",
    theirs: null,
    why: "without a bucketing value the targeting key is used",
  },
  {
    rule: { fractional: ["k", ["a", 1, "more"]] },
    ours: "a",
    theirs: null,
    why: "what follows the weight is ignored",
  },
  { rule: { if: [{ "+": ["x", 1] }, "a", "b"] }, ours: "a", theirs: error, why: "text that is no number counts as 0" },
  { rule: { if: [{ in: ["", ""] }, "a", "b"] }, ours: "a", theirs: "b", why: "empty text contains empty text" },
];
