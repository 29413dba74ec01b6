import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json.ts";
import { compileTargeting } from "./compile.ts";

interface Case {
  rule: JsonValue;
  data?: JsonObject;
  gives?: JsonValue;
  fails?: RegExp;
}

const people = {
  people: [
    { name: "ann", age: 30 },
    { name: "bob", age: 17 },
  ],
};

const suites: Record<string, Record<string, Case>> = {
  structure: {
    "evaluates the elements of a list": { rule: [{ var: "a" }, 2], data: { a: 1 }, gives: [1, 2] },
    "takes an object with several keys as a literal": { rule: { a: 1, b: 2 }, gives: { a: 1, b: 2 } },
    "takes an object without keys as a literal": { rule: {}, gives: {} },
    "fails on an unknown operator and names the known ones": {
      rule: { wat: 1 },
      fails: /"wat" is unknown.*fractional/,
    },
    "does not know log": { rule: { log: "x" }, fails: /unknown/ },
    "does not take inherited names for operators": { rule: { toString: 1 }, fails: /unknown/ },
    "ignores an unknown operator in a branch that is not reached": {
      rule: { if: [false, { wat: 1 }, "b"] },
      gives: "b",
    },
  },
  var: {
    "reads a dotted path": { rule: { var: "a.b.1" }, data: { a: { b: [1, 2] } }, gives: 2 },
    "skips empty segments": { rule: { var: ".a..b" }, data: { a: { b: 3 } }, gives: 3 },
    "gives null for a missing variable": { rule: { var: "x" }, gives: null },
    "uses the default for null": { rule: { var: ["a", 7] }, data: { a: null }, gives: 7 },
    "uses no default when there are three items": { rule: { var: ["a", 7, 8] }, gives: null },
    "takes a number as a path": { rule: { var: 1 }, data: { "1": "one" }, gives: "one" },
    "fails on a path that is a boolean": { rule: { var: true }, fails: /path of "var" is boolean/ },
    "fails on a number inside a list": { rule: { var: [1] }, fails: /path of "var" is number/ },
    "gives the first element for an index that is no number": { rule: { var: "a.x" }, data: { a: [5] }, gives: 5 },
    "gives the default for an index outside of the list": { rule: { var: ["a.9", 0] }, data: { a: [5] }, gives: 0 },
    "does not read inherited properties": { rule: { var: "toString" }, gives: null },
    "does not read the prototype": { rule: { var: "__proto__.x" }, gives: null },
    "does not read the length of a text": { rule: { var: "a.length" }, data: { a: "abc" }, gives: null },
    "computes a path": { rule: { var: { cat: ["a", ".b"] } }, data: { a: { b: 1 } }, gives: 1 },
    "reads the flag key": { rule: { var: "$flagd.flagKey" }, gives: "my-flag" },
    "reads the timestamp": { rule: { var: "$flagd.timestamp" }, gives: 1000 },
    "does not let a context replace $flagd": {
      rule: { var: "$flagd.flagKey" },
      data: { $flagd: { flagKey: "x" } },
      gives: "my-flag",
    },
    "gives the whole context with $flagd": {
      rule: { var: "" },
      data: { a: 1 },
      gives: { a: 1, $flagd: { flagKey: "my-flag", timestamp: 1000 } },
    },
  },
  logic: {
    "and gives the first falsy value": { rule: { and: [1, "", 2] }, gives: "" },
    "and gives the last value": { rule: { and: [1, "a"] }, gives: "a" },
    "and of nothing is null": { rule: { and: [] }, gives: null },
    "or stops at the first truthy value": { rule: { or: [0, "a", { wat: 1 }] }, gives: "a" },
    "and needs a list": { rule: { and: true }, fails: /operands of "and" are boolean/ },
    "if needs a list": { rule: { if: "x" }, fails: /operands of "if" are string/ },
    "if without a match and without else is null": { rule: { if: [false, 1] }, gives: null },
    "if goes through its pairs": { rule: { if: [false, 1, true, 2, 3] }, gives: 2 },
    "if with one operand gives it": { rule: { if: ["a"] }, gives: "a" },
    "if evaluates an object that it chose": {
      rule: { if: [true, { var: "r" }] },
      data: { r: { "+": [1, 2] } },
      gives: 3,
    },
    "if stops a rule in data that chooses itself": {
      rule: { if: [true, { var: "r" }] },
      data: { r: { if: [true, { var: "r" }] } },
      fails: /nested in 16/,
    },
    "?: is if": { rule: { "?:": [true, "a", "b"] }, gives: "a" },
    "an empty object is false": { rule: { if: [{ var: "o" }, "a", "b"] }, data: { o: {} }, gives: "b" },
    "an empty list is false": { rule: { "!!": [[]] }, gives: false },
    '"0" is true': { rule: { "!!": "0" }, gives: true },
    "! looks at its first operand": { rule: { "!": [0, 1] }, gives: true },
    "! of nothing is true": { rule: { "!": [] }, gives: true },
  },
  comparison: {
    "null equals only null": {
      rule: [{ "==": [null, 0] }, { "==": [null, ""] }, { "==": [null, { var: "x" }] }],
      gives: [false, false, true],
    },
    "compares a number with text": { rule: { "==": [1, "1"] }, gives: true },
    "empty text is 0": { rule: { "==": [0, ""] }, gives: true },
    "does not trim numbers in text": { rule: { "==": [1, " 1"] }, gives: false },
    '"true" is not true': { rule: { "==": ["true", true] }, gives: false },
    "true is 1": { rule: { "==": [true, 1] }, gives: true },
    "_ may stand between digits": { rule: { "==": ["1_000", 1000] }, gives: true },
    "_ may stand nowhere else": { rule: [{ "==": ["1__0", 10] }, { "==": ["_1", 1] }], gives: [false, false] },
    "a hexadecimal number needs an exponent": {
      rule: [{ "==": ["0x1p4", 16] }, { "==": ["-0x_1.8p0", -1.5] }, { "==": ["0x10", 16] }],
      gives: [true, true, false],
    },
    "a number in text that is too large compares with nothing, infinity by name does": {
      rule: [{ ">": ["1e400", 1] }, { "<": ["1e400", 1] }, { ">": ["inf", 1] }],
      gives: [false, false, true],
    },
    "lists are never equal": { rule: { "==": [[1], [1]] }, gives: false },
    "=== needs the same type": {
      rule: [{ "===": [1, "1"] }, { "===": [1, 1] }, { "===": [null, null] }],
      gives: [false, true, true],
    },
    "== needs a list": { rule: { "==": 1 }, fails: /operands of "==" are number/ },
    "=== without a list is false": { rule: [{ "===": 1 }, { "!==": 1 }], gives: [false, true] },
    "with one operand nothing holds": {
      rule: [{ "==": [1] }, { "<": [1] }, { "!=": [1] }],
      gives: [false, false, true],
    },
    "null is 0 in <": { rule: { "<": [{ var: "x" }, 1] }, gives: true },
    "text that is no number compares with nothing": {
      rule: [{ "<": ["a", 1] }, { ">": ["a", 1] }],
      gives: [false, false],
    },
    "orders texts by bytes": {
      rule: [{ "<": ["Z", "a"] }, { "<": ["\uffee", "😀"] }, { "<": ["a", "ab"] }],
      gives: [true, true, true],
    },
    "between works in all four directions": {
      rule: [{ "<": [1, 2, 3] }, { "<=": [1, 1, 3] }, { ">": [3, 2, 1] }, { ">=": [3, 3, 4] }],
      gives: [true, true, true, false],
    },
  },
  arithmetic: {
    "adds texts as numbers": { rule: { "+": [1, "2", "x"] }, gives: 3 },
    "fails on null": { rule: { "+": [1, { var: "x" }] }, fails: /operand is null/ },
    "fails on a boolean": { rule: { "*": [1, true] }, fails: /operand is boolean/ },
    "negates a single operand": { rule: { "-": [2] }, gives: -2 },
    "subtracts from the left": { rule: { "-": [10, 2, 3] }, gives: 5 },
    "divides by zero to infinity": { rule: { "/": [1, 0] }, gives: Infinity },
    "takes a remainder": { rule: { "%": [-7, 3] }, gives: -1 },
    "needs two operands for %": { rule: { "%": [5] }, fails: /"%" has 1 operands, expected at least 2/ },
    "max and min of nothing are null": { rule: [{ max: [] }, { min: [] }], gives: [null, null] },
    "max and min": { rule: [{ max: [1, "3", 2] }, { min: [4, 2, 3] }], gives: [3, 2] },
    abs: { rule: [{ abs: -3 }, { abs: [-4] }], gives: [3, 4] },
  },
  text: {
    "cat of one keeps blanks": { rule: { cat: [" a "] }, gives: " a " },
    "cat of several is trimmed": { rule: { cat: [" a", "b "] }, gives: "ab" },
    "cat writes plain decimals": { rule: { cat: [1e21, "/", 1.5e-7] }, gives: "1000000000000000000000/0.00000015" },
    "cat takes null as nothing": { rule: { cat: ["a", null] }, gives: "a" },
    "cat fails on a boolean": { rule: { cat: ["a", true] }, fails: /operand is boolean/ },
    "substr counts code points": { rule: { substr: ["a😀bc", 1, 2] }, gives: "😀b" },
    "substr from the end": { rule: { substr: ["jsonlogic", -5] }, gives: "logic" },
    "substr without the end": { rule: { substr: ["jsonlogic", 1, -5] }, gives: "son" },
    "substr outside gives all": { rule: { substr: ["abc", 9] }, gives: "abc" },
    "substr fails when it ends before it starts": {
      rule: { substr: ["abcd", 3, -3] },
      fails: /ends at 1, before its start at 3/,
    },
    "in finds a part of a text": { rule: { in: ["b", "abc"] }, gives: true },
    "in fails for a missing variable in a text": {
      rule: { in: [{ var: "x" }, "abc"] },
      fails: /looks for null in a string/,
    },
    "in finds an element": { rule: { in: [{ var: "x" }, ["a", "b"]] }, data: { x: "b" }, gives: true },
    "in does not find a missing variable": { rule: { in: [{ var: "x" }, ["a", "b"]] }, gives: false },
    "in compares a number with texts": { rule: { in: [{ var: "x" }, ["1", "2"]] }, data: { x: 2 }, gives: true },
    "in takes lists as ranges": {
      rule: {
        in: [
          5,
          [
            [1, 3],
            [4, 6],
          ],
        ],
      },
      gives: true,
    },
    "in of something else is false": { rule: { in: ["a", null] }, gives: false },
    starts_with: { rule: { starts_with: [{ var: "v" }, "ab"] }, data: { v: "abc" }, gives: true },
    ends_with: { rule: { ends_with: ["abc", "bc"] }, gives: true },
    "starts_with on something else is null, not false": {
      rule: [{ starts_with: [1, "1"] }, { ends_with: ["a"] }, { starts_with: "a" }],
      gives: [null, null, null],
    },
  },
  lists: {
    missing: { rule: { missing: ["a", "b", "c"] }, data: { a: 1, b: "" }, gives: ["c"] },
    "missing of one name": { rule: { missing: "a" }, gives: ["a"] },
    "missing_some with enough": { rule: { missing_some: [1, ["a", "b"]] }, data: { a: 1 }, gives: [] },
    "missing_some without enough": { rule: { missing_some: [2, ["a", "b"]] }, data: { a: 1 }, gives: ["b"] },
    "missing_some of more than there can be is nothing, as Go's integers overflow": {
      rule: { missing_some: [1e21, ["a"]] },
      gives: [],
    },
    merge: { rule: { merge: [[1, 2], 3, [[4]]] }, gives: [1, 2, 3, [4]] },
    "merge of one value": { rule: { merge: "a" }, gives: ["a"] },
    map: { rule: { map: [{ var: "people" }, { var: "name" }] }, data: people, gives: ["ann", "bob"] },
    "map over nothing": { rule: { map: [{ var: "none" }, { var: "" }] }, gives: [] },
    "map does not evaluate a list that is written out": {
      rule: { map: [[1, 2], { "*": [{ var: "" }, 2] }] },
      gives: [2, 4],
    },
    filter: {
      rule: { filter: [{ var: "people" }, { ">": [{ var: "age" }, 18] }] },
      data: people,
      gives: [{ name: "ann", age: 30 }],
    },
    "filter reads the surrounding context first": {
      rule: { filter: [[1, 2, 3], { ">": [{ var: "" }, { var: "limit" }] }] },
      data: { limit: 1 },
      gives: [2, 3],
    },
    "filter reads its variables even when there is nothing to filter": {
      rule: { filter: [[], { var: true }] },
      fails: /path of "var" is boolean/,
    },
    some: { rule: { some: [{ var: "people" }, { "<": [{ var: "age" }, 18] }] }, data: people, gives: true },
    "some prefers the surrounding context to the element": {
      rule: { some: [{ var: "people" }, { "<": [{ var: "age" }, 18] }] },
      data: { ...people, age: 99 },
      gives: false,
    },
    all: {
      rule: { all: [{ var: "people" }, { ">": [{ var: "age" }, 10] }] },
      data: { ...people, age: 1 },
      gives: true,
    },
    "all of nothing is false": { rule: { all: [[], { "==": [1, 1] }] }, gives: false },
    "none of nothing is true": { rule: { none: [[], { "==": [1, 1] }] }, gives: true },
    none: { rule: { none: [{ var: "people" }, { "==": [{ var: "name" }, "cid"] }] }, data: people, gives: true },
    "all needs an operator call": { rule: { all: [[1], true] }, fails: /condition on list elements is boolean/ },
    "all on a variable with a value fails": {
      rule: { all: [{ var: "l" }, { var: "on" }] },
      data: { l: [{ on: true }] },
      fails: /condition on list elements is boolean/,
    },
    "nested lists": {
      rule: { some: [{ var: "groups" }, { some: [{ var: "members" }, { "==": [{ var: "" }, "ann"] }] }] },
      data: { groups: [{ members: ["ann"] }] },
      gives: true,
    },
    reduce: {
      rule: { reduce: [{ var: "n" }, { "+": [{ var: "current" }, { var: "accumulator" }] }, 0] },
      data: { n: [1, null, "2"] },
      gives: 3,
    },
    "reduce needs an initial value of a simple type": {
      rule: { reduce: [[1], { var: "current" }, null] },
      fails: /initial value of "reduce" is null/,
    },
    "reduce over nothing is 0": { rule: { reduce: [{ var: "x" }, { var: "current" }, "s"] }, gives: 0 },
    set: { rule: { set: [{ var: "o" }, "b", 2] }, data: { o: { a: 1 } }, gives: { a: 1, b: 2 } },
    contains_all: { rule: { contains_all: [["a", "b"], ["a"]] }, gives: true },
    contains_any: { rule: { contains_any: [["a", "b"], ["x"]] }, gives: false },
    contains_none: { rule: { contains_none: [["a", "b"], ["x"]] }, gives: true },
    "contains_none of no lists is true": { rule: { contains_none: ["a"] }, gives: true },
    "stops loops over loops": {
      rule: { map: [{ var: "l" }, { map: [{ var: "" }, { var: "" }] }] },
      data: { l: Array.from({ length: 2000 }, () => Array.from({ length: 1000 }, () => 1)) },
      fails: /too many steps/,
    },
  },
};

for (const [suite, cases] of Object.entries(suites)) {
  describe(suite, () => {
    it.each(Object.entries(cases))("%s", (_, { rule, data = {}, gives, fails }) => {
      const run = (): JsonValue => compileTargeting(rule, "my-flag")(data, 1000);
      if (fails !== undefined) expect(run).toThrow(fails);
      else expect(run()).toEqual(gives);
    });
  });
}
