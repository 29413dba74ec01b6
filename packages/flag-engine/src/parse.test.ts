import { describe, expect, it } from "vitest";
import { parseFlagDocument, parseFlagText } from "./parse.ts";
import { formatProblem } from "./problem.ts";

const flag = { state: "ENABLED", variants: { on: true }, defaultVariant: "on" };

function problemsOf(document: unknown): string[] {
  const result = parseFlagDocument(document);
  return result.ok ? [] : result.problems.map(formatProblem);
}

function warningsOf(document: unknown): string[] {
  const result = parseFlagDocument(document);
  return result.ok ? result.document.warnings.map(formatProblem) : ["rejected"];
}

const rejected: Record<string, [document: unknown, problems: string[]]> = {
  "a document that is no object": [[], ['document is a list, expected an object with "flags"']],
  "a document without flags": [{}, ["flags is missing, expected an object of flag key and flag"]],
  "flags that are text": [{ flags: "x" }, ['flags is "x", expected an object or a list of flags']],
  "metadata that is a list": [{ flags: {}, metadata: [] }, ["metadata is a list, expected an object"]],
  "an empty evaluator": [{ flags: {}, $evaluators: { e: {} } }, ["$evaluators.e is {}, expected a rule"]],
  "evaluators that are a list": [
    { flags: {}, $evaluators: [] },
    ["$evaluators is a list, expected an object of name and rule"],
  ],
  "everything wrong in two flags, at once": [
    {
      flags: {
        a: { ...flag, state: 1, defaultVariant: "off" },
        b: { state: "ENABLED", variants: [], metadata: "m" },
        c: 5,
      },
    },
    [
      "flags.c is 5, expected an object",
      "flags.a.state is 1, expected a string",
      'flags.a.defaultVariant is "off", expected one of the variants: on',
      "flags.b.variants is a list, expected an object",
      'flags.b.metadata is "m", expected an object',
    ],
  ],
  "what is wrong in a flag without a key, too": [
    { flags: [{ ...flag, defaultVariant: "off" }] },
    ['flags[0].defaultVariant is "off", expected one of the variants: on'],
  ],
  "a source that is no text": [{ flags: { a: { ...flag, source: 5 } } }, ["flags.a.source is 5, expected a string"]],
  "a number that is none": [
    { flags: { a: { state: Number.NaN } } },
    ["flags.a.state is NaN, expected a number that fits 64 bits"],
  ],
  "a key that is no text": [{ flags: [{ key: 1 }] }, ["flags[0].key is 1, expected a string"]],
};

const warned: Record<string, [document: unknown, warnings: string[]]> = {
  "nothing in a good document": [{ flags: { a: flag } }, []],
  "a missing state": [
    { flags: { a: { variants: { on: true } } } },
    ['flags.a.state is missing, expected "ENABLED" or "DISABLED"; the flag is served as enabled'],
  ],
  "missing variants": [
    { flags: { a: { state: "ENABLED" } } },
    ["flags.a.variants is missing, expected at least one variant"],
  ],
  "variants of different types": [
    { flags: { a: { ...flag, variants: { on: true, b: "x" } } } },
    ["flags.a.variants have different types (boolean, string), expected one type"],
  ],
  "an unknown operator, with its place": [
    { flags: { a: { ...flag, targeting: { if: [{ startswith: ["a", "b"] }, "on"] } } } },
    ['flags.a.targeting.if[0] uses the unknown operator "startswith"'],
  ],
  "a reference to nothing": [
    { flags: { a: { ...flag, targeting: { if: [{ $ref: "e" }, "on"] } } } },
    ['flags.a refers to "e", which is not in $evaluators'],
  ],
  "a field in the wrong case, which is read all the same": [
    { flags: { a: { ...flag, defaultvariant: "on" } } },
    ['flags.a.defaultvariant is read as "defaultVariant", expected to be written so'],
  ],
  "a flag in a list without a key": [
    { flags: [flag] },
    ["flags[0].key is missing, expected a name; this flag is left out"],
  ],
};

describe("parseFlagDocument", () => {
  it.each(Object.entries(rejected))("rejects %s", (_, [document, problems]) => {
    expect(problemsOf(document)).toEqual(problems);
  });

  it.each(Object.entries(warned))("warns about %s", (_, [document, warnings]) => {
    expect(warningsOf(document)).toEqual(warnings);
  });

  it("merges the set's metadata into each flag, whose own wins", () => {
    const result = parseFlagDocument({ flags: { a: { ...flag, metadata: { b: 2 } } }, metadata: { a: 1, b: 1 } });
    expect(result).toMatchObject({ ok: true, document: { flags: [{ key: "a", metadata: { a: 1, b: 2 } }] } });
  });

  it("takes a list of flags, where one key may be in several sets", () => {
    const flags = [
      { key: "a", ...flag, metadata: { flagSetId: "x" } },
      { key: "a", ...flag, metadata: { flagSetId: "y" } },
    ];
    expect(parseFlagDocument({ flags })).toMatchObject({ ok: true, document: { flags: [{ key: "a" }, { key: "a" }] } });
  });

  it("takes null for no flags", () => {
    expect(parseFlagDocument({ flags: null })).toMatchObject({ ok: true, document: { flags: [] } });
  });

  it("puts evaluators in place, also those that refer to others, and stops at a circle", () => {
    const result = parseFlagDocument({
      flags: { a: { ...flag, targeting: { if: [{ $ref: "outer" }, "on", { $ref: "circle" }] } } },
      $evaluators: { outer: { "!": [{ $ref: "inner" }] }, inner: { var: "x" }, circle: { "!": [{ $ref: "circle" }] } },
    });
    const targeting = { if: [{ "!": [{ var: "x" }] }, "on", { "!": [{ $ref: "circle" }] }] };
    expect(result).toMatchObject({ ok: true, document: { flags: [{ targeting }] } });
  });

  it("reads fields in any case, the last in the order of their bytes wins", () => {
    const result = parseFlagDocument({
      Flags: { a: { STATE: "DISABLED", State: "x", Variants: { on: true }, variants: { off: false } } },
    });
    expect(result).toMatchObject({
      ok: true,
      document: { flags: [{ state: "x", variants: { on: true, off: false } }] },
    });
  });

  it("rejects rules that double with every reference, before they are made", () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`r${i + 1}`, { and: [{ $ref: `r${i}` }, { $ref: `r${i}` }] }]),
    );
    const $evaluators = { r0: { var: "a" }, ...doubling };
    expect(problemsOf({ flags: { a: { ...flag, targeting: { $ref: "r60" } } }, $evaluators })).toEqual([
      "flags.a has more than 100000 values with the rules it refers to",
    ]);
  });

  it("rejects flags that together are too large with the rules they share", () => {
    const $evaluators = { big: { in: [{ var: "a" }, Array.from({ length: 50_000 }, (_, i) => i)] } };
    const flags = Object.fromEntries(
      Array.from({ length: 101 }, (_, i) => [`f${i}`, { ...flag, targeting: { if: [{ $ref: "big" }, "on"] } }]),
    );
    expect(problemsOf({ flags, $evaluators })[0]).toMatch(
      /^flags\.f\d+ brings the flags with shared rules over 5000000 values$/,
    );
  });

  it("rejects a document that is nested too deeply", () => {
    const deep = `${'{"!":'.repeat(50_000)}1${"}".repeat(50_000)}`;
    const result = parseFlagText(`{"flags":{"a":{"targeting":${deep}}}}`);
    expect(result).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining("nested deeper than 400") }],
    });
  });

  it("says where JSON text is broken", () => {
    expect(parseFlagText('{"flags": {')).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringMatching(/^document is not JSON: /) }],
    });
  });
});
