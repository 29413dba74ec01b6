import { describe, expect, it } from "vitest";
import { compileFlag } from "./compile.ts";
import { evaluateFlag, flagNotFound } from "./evaluate.ts";
import type { FlagDefinition, FlagType, Resolution } from "./flag.ts";
import type { JsonObject } from "./json.ts";

interface Case {
  flag: Partial<FlagDefinition>;
  context?: JsonObject;
  type?: FlagType;
  gives: Partial<Resolution>;
}

const onOff = { on: true, off: false };
const sized = { variants: { s: 1, m: 2.7, l: 1e300 }, defaultVariant: "m" };

const cases: Record<string, Case> = {
  "gives the default variant of a flag without targeting": {
    flag: { variants: onOff, defaultVariant: "off" },
    gives: { value: false, variant: "off", reason: "STATIC" },
  },
  "takes empty targeting for none": { flag: { targeting: {} }, gives: { reason: "STATIC" } },
  "takes null for targeting": { flag: { targeting: null }, gives: { value: true, reason: "DEFAULT" } },
  "gives the default variant when targeting gives null": {
    flag: { targeting: { if: [false, "off"] } },
    gives: { value: true, reason: "DEFAULT" },
  },
  "gives the variant that targeting names": {
    flag: { targeting: { if: [{ "==": [{ var: "a" }, 1] }, "off"] } },
    context: { a: 1 },
    gives: { value: false, variant: "off", reason: "TARGETING_MATCH" },
  },
  "takes a boolean for the name of a variant": {
    flag: { variants: { true: 1, false: 2 }, defaultVariant: "true", targeting: { "==": [1, 2] } },
    type: "int",
    gives: { value: 2, variant: "false" },
  },
  "takes a number for the name of a variant": {
    flag: { variants: { "1.5": "x" }, defaultVariant: "1.5", targeting: { "/": [3, 2] } },
    type: "string",
    gives: { value: "x", variant: "1.5" },
  },
  "tells the text null from null": {
    flag: { variants: { null: "x", a: "y" }, defaultVariant: "a", targeting: { if: [true, "null"] } },
    type: "string",
    gives: { value: "x" },
  },
  "takes a text for targeting": { flag: { targeting: "off" }, gives: { value: false, reason: "TARGETING_MATCH" } },
  "fails when targeting names no variant": {
    flag: { targeting: { if: [true, "blue"] } },
    gives: { errorCode: "GENERAL", message: 'flag "f": targeting gives "blue", expected one of: on, off' },
  },
  "fails when targeting gives a list": { flag: { targeting: ["on"] }, gives: { errorCode: "GENERAL" } },
  "fails when targeting gives no number": { flag: { targeting: { "/": [1, 0] } }, gives: { errorCode: "PARSE_ERROR" } },
  "does not take a result that is no number for the variant null": {
    flag: { variants: { null: true }, defaultVariant: "null", targeting: { "/": [0, 0] } },
    gives: { errorCode: "PARSE_ERROR" },
  },
  "fails when targeting gives a list with such a number": {
    flag: { targeting: [{ "/": [1, 0] }] },
    gives: { errorCode: "PARSE_ERROR" },
  },
  "fails when an operator is unknown": { flag: { targeting: { wat: 1 } }, gives: { errorCode: "PARSE_ERROR" } },
  "fails when a reference was not replaced": {
    flag: { targeting: { $ref: "nope" } },
    gives: { errorCode: "PARSE_ERROR" },
  },
  "asks for the caller's default without a default variant": {
    flag: { defaultVariant: "" },
    gives: { ok: true, value: undefined, variant: undefined, reason: "FALLBACK" },
  },
  "asks for it when targeting gives null, too": {
    flag: { defaultVariant: "", targeting: null },
    gives: { reason: "FALLBACK" },
  },
  "still matches without a default variant": {
    flag: { defaultVariant: "", targeting: "on" },
    gives: { value: true, reason: "TARGETING_MATCH" },
  },
  "does not run the targeting of a disabled flag": {
    flag: { state: "DISABLED", targeting: { wat: 1 } },
    gives: { ok: true, value: undefined, reason: "DISABLED" },
  },
  "serves a flag in any other state": { flag: { state: "disabled" }, gives: { reason: "STATIC" } },
  "names variant and type when they do not fit": {
    flag: {},
    type: "string",
    gives: {
      errorCode: "TYPE_MISMATCH",
      variant: "on",
      message: 'flag "f": variant "on" is a boolean, expected a string',
    },
  },
  "cuts the fraction off for an int": { flag: sized, type: "int", gives: { value: 2 } },
  "keeps it for a float": { flag: sized, type: "float", gives: { value: 2.7 } },
  "refuses an int beyond 64 bits": {
    flag: { ...sized, defaultVariant: "l" },
    type: "int",
    gives: { errorCode: "TYPE_MISMATCH" },
  },
  "does not take a list for an object": {
    flag: { variants: { a: [1] }, defaultVariant: "a" },
    type: "object",
    gives: { errorCode: "TYPE_MISMATCH" },
  },
  "gives a list when any value will do": {
    flag: { variants: { a: [1] }, defaultVariant: "a" },
    type: "any",
    gives: { value: [1] },
  },
  "does not give a null": {
    flag: { variants: { a: null }, defaultVariant: "a" },
    type: "any",
    gives: { errorCode: "TYPE_MISMATCH" },
  },
  "carries metadata without nulls": { flag: { metadata: { a: 1, b: null } }, gives: { metadata: { a: 1 } } },
  "carries metadata with errors": {
    flag: { metadata: { a: 1 }, targeting: "blue" },
    gives: { errorCode: "GENERAL", metadata: { a: 1 } },
  },
  "does not find inherited names among the variants": {
    flag: { targeting: "toString" },
    gives: { errorCode: "GENERAL" },
  },
};

describe("evaluateFlag", () => {
  it.each(Object.entries(cases))("%s", (_, { flag, context = {}, type = "boolean", gives }) => {
    const definition = { key: "f", state: "ENABLED", defaultVariant: "on", variants: onOff, ...flag };
    const resolution = evaluateFlag(compileFlag(definition), { type, context, nowSeconds: 0 });
    expect(resolution).toMatchObject(gives);
  });

  it("gives the same answer object every time, so that nothing is allocated", () => {
    const flag = compileFlag({ key: "f", state: "ENABLED", defaultVariant: "on", variants: onOff, targeting: "off" });
    const request = { type: "boolean", context: {}, nowSeconds: 0 } as const;
    expect(evaluateFlag(flag, request)).toBe(evaluateFlag(flag, request));
  });

  it("says which flag was not found", () => {
    expect(flagNotFound("nope")).toMatchObject({ errorCode: "FLAG_NOT_FOUND", message: 'flag "nope" does not exist' });
  });
});
