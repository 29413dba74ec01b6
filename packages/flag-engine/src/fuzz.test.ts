import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFlag } from "./compile.ts";
import { evaluateFlag, stepsForMany } from "./evaluate.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { parseFlagDocument, parseFlagText } from "./parse.ts";
import { operators } from "./targeting/operators/index.ts";

const numRuns = Math.max(500, Math.round(100_000 * Number(process.env.BURGEE_TEST_SCALE ?? "0.05")));
const codes = ["GENERAL", "PARSE_ERROR", "TYPE_MISMATCH"];

/** Any JSON, with operators wherever they may do harm. */
const { rule } = fc.letrec<{ rule: JsonValue }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 6, depthSize: "medium" },
    fc.constantFrom<JsonValue[]>(
      null,
      true,
      false,
      "",
      "a",
      "a.b",
      "b.0",
      "__proto__",
      "$flagd.flagKey",
      "1e999",
      "v1.2.3",
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: "binary" }),
    fc.array(tie("rule"), { maxLength: 4 }),
    fc.tuple(fc.constantFrom(...operators.keys()), tie("rule")).map(([name, operands]) => ({ [name]: operands })),
    fc
      .tuple(fc.constantFrom(...operators.keys()), fc.array(tie("rule"), { maxLength: 4 }))
      .map(([name, list]) => ({ [name]: list })),
    fc.dictionary(fc.constantFrom("a", "b", "var", "__proto__", "constructor"), tie("rule"), { maxKeys: 3 }),
  ),
}));
const contexts: fc.Arbitrary<JsonObject> = fc.record({
  a: rule,
  b: fc.array(rule, { maxLength: 4 }),
  targetingKey: rule,
});

function evaluate(targeting: JsonValue, context: JsonObject): string {
  const definition = { key: "f", state: "ENABLED", defaultVariant: "a", variants: { a: 1, true: 2 }, targeting };
  const resolution = evaluateFlag(compileFlag(definition), { type: "int", context, nowSeconds: 1 });
  return resolution.ok ? "ok" : resolution.errorCode;
}

describe("whatever comes in", () => {
  it("targeting gives an answer or an error code", { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(rule, contexts, (targeting, context) => {
        expect(["ok", ...codes]).toContain(evaluate(targeting, context));
      }),
      { numRuns },
    );
  });

  it("a document is read or rejected with problems", { timeout: 300_000 }, () => {
    const flag = fc.dictionary(
      fc.constantFrom("state", "variants", "defaultVariant", "targeting", "metadata", "key"),
      rule,
    );
    const document = fc.dictionary(
      fc.constantFrom("flags", "$evaluators", "metadata"),
      fc.oneof(rule, fc.dictionary(fc.string(), flag)),
    );
    fc.assert(
      fc.property(fc.oneof(document, rule), (value) => {
        const result = parseFlagDocument(value);
        if (result.ok) for (const definition of result.document.flags) compileFlag(definition);
        else expect(result.problems).not.toEqual([]);
      }),
      { numRuns },
    );
  });

  it("text is read or rejected", () => {
    fc.assert(
      fc.property(fc.string(), (text) => typeof parseFlagText(text).ok === "boolean"),
      { numRuns },
    );
  });
});

describe("what is meant to hold the server is stopped", () => {
  const list = Array.from({ length: 100_000 }, (_, i) => i);
  const long = "x".repeat(1_000_000);
  const attacks: Record<string, [JsonValue, JsonObject]> = {
    "every element of a list sought in another": [
      { some: [{ var: "a" }, { in: [{ var: "" }, { var: "b" }] }] },
      { a: list, b: list.map((i) => -i - 1) },
    ],
    "every element sought in a long text": [
      { some: [{ var: "a" }, { in: ["y", { var: "b" }] }] },
      { a: list, b: long },
    ],
    "lists compared with lists": [
      { contains_any: [{ var: "a" }, { var: "b" }] },
      { a: list, b: list.map((i) => -i - 1) },
    ],
    "text that doubles": [
      { reduce: [{ var: "a" }, { cat: [{ var: "accumulator" }, { var: "accumulator" }] }, "x"] },
      { a: list },
    ],
    "lists in lists": [{ map: [{ var: "a" }, { map: [{ var: "" }, { var: "" }] }] }, { a: list.map(() => list) }],
    "a rule in the context that evaluates itself twice": [
      { if: [true, { var: "a" }] },
      { a: { and: [{ if: [true, { var: "a" }] }, { if: [true, { var: "a" }] }] } },
    ],
  };
  const many = (rule: JsonValue, times = 20_000): JsonValue => ({ or: Array.from({ length: times }, () => rule) });
  const wide: Record<string, [JsonValue, JsonObject]> = {
    "a long version read again and again": [
      many({ sem_ver: [{ var: "a" }, "=", "1.0.0"] }),
      { a: `1.0.0-${"a.".repeat(200_000)}` },
    ],
    "a long text hashed again and again": [many({ fractional: [{ var: "a" }, ["", 1]] }), { a: long }],
    "a long number read again and again": [many({ "==": [{ var: "a" }, 1] }), { a: `${"1".repeat(500_000)}x` }],
    "a long list searched again and again": [many({ "<": [{ max: { var: "a" } }, 0] }), { a: list }],
    "a wide context copied again and again": [
      many({ "===": [{ var: "" }, 1] }),
      Object.fromEntries(list.slice(0, 50_000).map((i) => [`k${i}`, i])),
    ],
    "a long list with a large body": [{ map: [{ var: "a" }, many({ var: "" }, 1_000)] }, { a: list.slice(0, 50_000) }],
  };
  it.each(Object.entries({ ...attacks, ...wide }))("%s", (_, [targeting, context]) => {
    const startedAt = performance.now();
    expect(evaluate(targeting, context)).toBe("PARSE_ERROR");
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it("many flags of one request have one limit together", () => {
    const steps = stepsForMany();
    const definition = {
      key: "f",
      state: "",
      defaultVariant: "",
      variants: {},
      targeting: { all: [{ var: "a" }, { ">=": [{ var: "" }, 0] }] },
    };
    const flag = compileFlag(definition);
    const asked = { type: "any", context: { a: list }, nowSeconds: 1, steps } as const;
    let evaluations = 0;
    while (evaluations < 1_000) {
      const resolution = evaluateFlag(flag, asked);
      if (!resolution.ok && resolution.message.includes("too many steps")) break;
      evaluations++;
    }
    expect(evaluations).toBeGreaterThan(10);
    expect(evaluations).toBeLessThan(60);
  });

  const slow: Record<string, [JsonValue, JsonObject]> = {
    "a number of a million digits that is none": [{ "==": [{ var: "a" }, 1] }, { a: `${"1".repeat(1_000_000)}x` }],
    "a text of blanks": [{ cat: ["a", { var: "a" }, "b"] }, { a: " ".repeat(900_000) }],
    "a version without an end": [{ sem_ver: [{ var: "a" }, "=", "1.0.0"] }, { a: `1.0.0-${"a.".repeat(400_000)}` }],
    "a very long bucketing value": [{ fractional: [{ var: "a" }, ["a", 1], [true, 1]] }, { a: "é".repeat(500_000) }],
  };
  it.each(Object.entries(slow))("%s takes no time to speak of", (_, [targeting, context]) => {
    const startedAt = performance.now();
    evaluate(targeting, context);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
