import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json.ts";
import { formatProblem } from "../problem.ts";
import { checkSchema } from "./document.ts";

const flag = { state: "ENABLED", variants: { on: true } };

function told(document: JsonObject): string[] {
  const { violations, hints } = checkSchema(document);
  return [...violations, ...hints].map(formatProblem);
}

const documents: Record<string, [document: JsonObject, told: string[]]> = {
  "takes flags by key and as a list": [{ flags: { a: flag }, metadata: { flagSetId: "x", n: 1 } }, []],
  "does not take flags that are null": [{ flags: null }, ["flags is null, expected an object or a list of flags"]],
  "wants names that are not empty": [{ flags: { "": flag } }, ['flags[""] has an empty name or one of several lines']],
  "quotes keys that are no words": [
    { flags: { "a b": { ...flag, state: "on" } } },
    ['flags["a b"].state is "on", expected "ENABLED" or "DISABLED"; the flag is served as enabled'],
  ],
  "wants a key in lists": [{ flags: [flag] }, ["flags[0].key is missing, expected a name; this flag is left out"]],
  "wants variants": [
    { flags: { a: { ...flag, variants: {} } } },
    ["flags.a.variants is empty, expected at least one variant"],
  ],
  "wants variants of one type": [
    { flags: { a: { ...flag, variants: { on: true, off: 0, no: null } } } },
    [
      "flags.a.variants.no is null, expected a boolean, string, number or object",
      "flags.a.variants have different types (boolean, number), expected one type",
    ],
  ],
  "wants flat metadata": [
    { flags: {}, metadata: { a: null, b: {} } },
    [
      "metadata.a is null, expected a string, number or boolean",
      "metadata.b is an object, expected a string, number or boolean",
    ],
  ],
  "looks into evaluators": [
    { flags: {}, $evaluators: { e: { wat: 1 } } },
    ['$evaluators.e uses the unknown operator "wat"'],
  ],
};

const rules: Record<string, [targeting: JsonValue, told: string[]]> = {
  "takes empty targeting": [{}, []],
  "does not take null for targeting": [null, ["is null, expected an operator call or {}"]],
  "takes a reference as an operand": [{ if: [{ $ref: "e" }, "on"] }, []],
  "does not take one for all of the targeting": [
    { $ref: "e" },
    ["is a reference, expected an operator call: the schema takes references as operands only"],
  ],
  "does not take {} for an operand": [
    { or: [{}] },
    [".or[0] is {}, expected a value, an operator call or a reference"],
  ],
  "wants two operands": [{ "==": [1] }, ['["=="] has 1 operands, expected 2']],
  "takes three for a range": [{ "<": [1, { var: "n" }, 3] }, []],
  "wants one operator": [{ "==": [1, 1], or: [true] }, ['uses "==" and "or", expected one operator']],
  "takes operators of one kind beside each other": [{ "==": [1, 1], "!=": [1, 1] }, []],
  "knows what works without being in the schema": [
    { if: [{ abs: -1 }, "on"] },
    ['.if[0] uses the operator "abs", which works but is not in the schema'],
  ],
  "names unknown operators inside lists, where the schema does not look": [
    { in: ["a", [{ wat: 1 }]] },
    ['.in[1][0] uses the unknown operator "wat"'],
  ],
  "knows the variables of flagd": [
    { "==": [{ var: "$flagd.key" }, { var: "$flagd.flagKey" }] },
    ['["=="][0].var is "$flagd.key", expected "$flagd.flagKey" or "$flagd.timestamp"'],
  ],
  "wants full versions": [
    { sem_ver: ["v1", "==", { cat: ["1", ".0.0"] }] },
    [
      '.sem_ver[0] is "v1", expected a version such as 1.2.3',
      '.sem_ver[1] is "==", expected one of: = != > < >= <= ~ ^',
      '.sem_ver[2] is an object, expected a version such as 1.2.3 or a "var"',
    ],
  ],
  "takes every form of fractional": [
    { fractional: [{ var: "k" }, ["on", 1], ["off"], [{ var: "v" }, { var: "n" }]] },
    [],
  ],
  "wants whole weights": [
    {
      fractional: [
        ["on", 1.5],
        ["off", -1],
        ["no", null],
      ],
    },
    [
      ".fractional[0][1] is 1.5, expected a whole number from 0 on or an operator call",
      ".fractional[1][1] is -1, expected a whole number from 0 on or an operator call",
      ".fractional[2][1] is null, expected a whole number from 0 on or an operator call",
    ],
  ],
  "does not take a bucketing value that is written out": [
    { fractional: ["k", ["on"]] },
    ['.fractional[0] is "k", expected an operator call or [variant, weight]'],
  ],
  "wants texts to compare": [
    { starts_with: [1, "a"] },
    [".starts_with[0] is 1, expected a string or an operator call"],
  ],
  "wants names in missing": [{ missing: ["a", 1] }, [".missing[1] is 1, expected the name of a variable"]],
  "wants a number first in missing_some": [
    { missing_some: ["1", ["a"]] },
    ['.missing_some has "1" first, expected how many variables are needed'],
  ],
};

describe("checkSchema", () => {
  it.each(Object.entries(documents))("%s", (_, [document, problems]) => {
    expect(told(document)).toEqual(problems);
  });

  it.each(Object.entries(rules))("%s", (_, [targeting, problems]) => {
    const paths = told({ flags: { a: { ...flag, targeting } } }).map((text) =>
      text.replace(/^flags\.a\.targeting ?/, ""),
    );
    expect(paths).toEqual(problems);
  });

  it("stops telling after a thousand", () => {
    const flags = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`f${i}`, { variants: { on: true } }]));
    expect(told({ flags })).toHaveLength(1_001);
  });
});
