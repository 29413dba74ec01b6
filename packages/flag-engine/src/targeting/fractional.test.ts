import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json.ts";
import { bucketOf } from "./buckets.ts";
import { compileTargeting } from "./compile.ts";
import { murmur3, murmur3After } from "./murmur3.ts";

const suits = [
  ["clubs", 25],
  ["diamonds", 25],
  ["hearts", 25],
  ["spades", 25],
];
const jon = { targetingKey: "jon@company.com" };

interface Case {
  operands: JsonValue;
  data?: JsonObject;
  gives: JsonValue;
}

const cases: Record<string, Case> = {
  "buckets by flag key and targeting key": { operands: [["heads"], ["tails", 1]], data: jon, gives: "heads" },
  "gives the other side for another key": {
    operands: [["heads"], ["tails", 1]],
    data: { targetingKey: "jane@company.com" },
    gives: "tails",
  },
  "gives null without a targeting key": { operands: [["heads"], ["tails"]], gives: null },
  "gives null for an empty targeting key": {
    operands: [["heads"], ["tails"]],
    data: { targetingKey: "" },
    gives: null,
  },
  "gives null for a targeting key that is no text": {
    operands: [["heads"], ["tails"]],
    data: { targetingKey: 1 },
    gives: null,
  },
  "uses the targeting key when the bucketing value is missing": {
    operands: [{ var: "x" }, ["heads"], ["tails", 1]],
    data: jon,
    gives: "heads",
  },
  "takes an empty text as a bucketing value": { operands: ["", ["a"], ["b"]], gives: "a" },
  "gives null for a bucketing value that is a number": {
    operands: [{ var: "n" }, ["a"], ["b"]],
    data: { ...jon, n: 5 },
    gives: null,
  },
  "evaluates names and weights": {
    operands: ["k", [{ var: "name" }, { "+": [1, 1] }]],
    data: { name: "x" },
    gives: "x",
  },
  "gives names that are no text": { operands: ["k", [true, 1]], gives: true },
  "takes a single bucket": { operands: [["single"]], data: jon, gives: "single" },
  "takes a first bucket that is computed": {
    operands: [{ if: [true, { var: "pair" }] }, ["b", 0]],
    data: { ...jon, pair: ["a", 1] },
    gives: "a",
  },
  "ignores elements after the weight": { operands: ["k", ["a", 1, "x"]], gives: "a" },
  "takes a negative weight as zero": { operands: ["k", ["a", -5], ["b", 1]], gives: "b" },
  "takes a null weight as one": { operands: ["k", ["a", null]], gives: "a" },
  "gives null when all weights are zero": { operands: ["k", ["a", 0], ["b", 0]], gives: null },
  "gives null without buckets": { operands: ["k"], gives: null },
  "gives null for no operands": { operands: [], data: jon, gives: null },
  "gives null for operands that are no list": { operands: "k", data: jon, gives: null },
  "gives null for a weight that is not whole": { operands: ["k", ["a", 1.5]], gives: null },
  "gives null for a weight that is text": { operands: ["k", ["a", "1"]], gives: null },
  "gives null for a weight over 31 bits": { operands: ["k", ["a", 2147483648]], gives: null },
  "gives null for a sum over 31 bits": { operands: ["k", ["a", 2147483647], ["b", 1]], gives: null },
  "gives null for an empty bucket": { operands: ["k", []], gives: null },
  "gives null for a bucket that is no list": { operands: ["k", "a"], gives: null },
  "gives null inside map, where the data is a text": {
    operands: { map: [["a"], { fractional: [["x"]] }] },
    data: jon,
    gives: null,
  },
};

describe("fractional", () => {
  it.each(Object.entries(cases))("%s", (_, { operands, data = {}, gives }) => {
    const key = "fractional-flag-shorthand";
    expect(compileTargeting({ fractional: operands }, key)(data, 0)).toEqual(gives);
  });

  const vectors: [string, string][] = [
    ["jack", "hearts"],
    ["queen", "spades"],
    ["ten", "clubs"],
    ["nine", "diamonds"],
    ["3", "clubs"],
  ];
  it.each(vectors)("puts %s into %s as the reference server does", (name, suit) => {
    const rule = { fractional: [{ cat: [{ var: "$flagd.flagKey" }, { var: "name" }] }, ...suits] };
    expect(compileTargeting(rule, "fractional-flag")({ name }, 0)).toBe(suit);
  });
});

describe("murmur3", () => {
  const hashes: [string, number][] = [
    ["", 0],
    ["a", 1009084850],
    ["hello", 613153351],
    ["é", 269551495],
    ["😀", 3199479546],
    ["fractional-flagjack", 2682799072],
    ["fractional-flag-shorthandjane@company.com", 2316038310],
  ];
  it.each(hashes)("hashes the UTF-8 bytes of %j", (text, hash) => {
    expect(murmur3(text)).toBe(hash);
  });
});

describe("murmur3After", () => {
  it("hashes as if both texts were one", () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }));
    fc.assert(fc.property(text, text, (prefix, rest) => murmur3After(prefix)(rest) === murmur3(prefix + rest)));
  });
});

describe("bucketOf", () => {
  it("is exact for every hash and total", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }), (hash, total) => {
        expect(bucketOf(hash, total)).toBe(Number((BigInt(hash) * BigInt(total)) >> 32n));
      }),
    );
  });
});
