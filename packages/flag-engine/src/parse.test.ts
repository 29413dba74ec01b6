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
  "an empty evaluator": [{ flags: {}, $evaluators: { e: {} } }, ["$evaluators.e is empty, expected a rule"]],
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
    { flags: { a: { ...flag, targeting: { $ref: "e" } } } },
    ['flags.a.targeting refers to "e", which is not in $evaluators'],
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
