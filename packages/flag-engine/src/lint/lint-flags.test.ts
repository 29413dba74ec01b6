import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../json.ts";
import { formatProblem } from "../problem.ts";
import { lintFlags } from "./lint-flags.ts";
import { lintRules } from "./rules/index.ts";

const now = Date.parse("2026-06-15T12:00:00Z");
const metadata = { owner: "team-checkout", created: "2026-01-31", expiry: "2026-12-31" };
const good = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off", metadata };

interface Case {
  /** Laid over a flag with nothing to complain about. */
  flag?: JsonObject;
  key?: string;
  rest?: JsonObject;
  /** Rule and what it says. */
  tells: string[];
}

const aboutTargeting = (targeting: JsonValue, ...tells: string[]): Case => ({ flag: { targeting }, tells });
const isBeta: JsonValue = { "==": [{ var: "beta" }, true] };

const suites: Record<string, Record<string, Case>> = {
  documents: {
    "a good flag": { tells: [] },
    "a document that the server rejects has nothing else": {
      flag: { defaultVariant: "blue", metadata: {} },
      tells: ['error document: flags.my-flag.defaultVariant is "blue", expected one of the variants: on, off'],
    },
    "what the schema forbids": {
      flag: { state: "on" },
      tells: [
        'warning schema: flags.my-flag.state is "on", expected "ENABLED" or "DISABLED"; the flag is served as enabled',
      ],
    },
  },
  lifecycle: {
    "no metadata": {
      flag: { metadata: {} },
      tells: [
        "warning owner: flags.my-flag.metadata.owner is missing, expected a person or a team",
        "warning created: flags.my-flag.metadata.created is missing, expected a date such as 2026-01-31",
        'warning expiry: flags.my-flag.metadata.expiry is missing, expected a date such as 2026-01-31, or "never"',
      ],
    },
    "an owner from the whole set": {
      flag: { metadata: { ...metadata, owner: null } },
      tells: [
        "warning schema: flags.my-flag.metadata.owner is null, expected a string, number or boolean",
        "warning owner: flags.my-flag.metadata.owner is null, expected a person or a team",
      ],
    },
    "a flag that stays": { flag: { metadata: { ...metadata, expiry: "never" } }, tells: [] },
    "a date that is none": {
      flag: { metadata: { ...metadata, created: "31.1.2026" } },
      tells: ['warning created: flags.my-flag.metadata.created is "31.1.2026", expected a date such as 2026-01-31'],
    },
    "a date to come": {
      flag: { metadata: { ...metadata, created: "2026-07-01T00:00:00Z" } },
      tells: ['warning created: flags.my-flag.metadata.created is "2026-07-01T00:00:00Z", expected a date in the past'],
    },
    "an expiry before the start": {
      flag: { metadata: { ...metadata, created: "2026-06-01", expiry: "2026-05-31" } },
      tells: [
        'warning expiry: flags.my-flag.metadata.expiry is "2026-05-31", expected a date after "2026-06-01"',
        'warning expired: flags.my-flag.metadata.expiry is "2026-05-31", which was 14 days ago; expected the flag to be removed, or a later date',
      ],
    },
    "an expired flag": {
      flag: { metadata: { ...metadata, expiry: "2026-06-15T11:00:00Z" } },
      tells: [
        'warning expired: flags.my-flag.metadata.expiry is "2026-06-15T11:00:00Z", which was today; expected the flag to be removed, or a later date',
      ],
    },
    "a flag on its last day": { flag: { metadata: { ...metadata, expiry: "2026-06-15" } }, tells: [] },
  },
  names: {
    "a key with a blank": {
      key: "newCheckout Flow",
      tells: [
        'warning naming: flags["newCheckout Flow"] has the key "newCheckout Flow", expected words of letters and digits, such as "new-checkout-flow"',
      ],
    },
    "a key as many projects write it": { key: "newCheckout.Flow_2", tells: [] },
    "a key without words": {
      key: "é",
      tells: ['warning naming: flags["é"] has the key "é", expected words of letters and digits'],
    },
    "a variant that upstream cannot name": {
      flag: { variants: { "a<b": true, off: false } },
      tells: [
        'warning naming: flags.my-flag.variants["a<b"] has a name that upstream\'s targeting cannot give, expected one without < > & " or \\',
      ],
    },
  },
  operators: {
    "one that does not exist": aboutTargeting(
      { if: [{ startsWith: [{ var: "a" }, "b"] }, "on", "off"] },
      'warning schema: flags.my-flag.targeting.if[0] uses the unknown operator "startsWith"',
      expect.stringMatching(
        /^error unknown-operator: flags\.my-flag\.targeting\.if\[0\] uses "startsWith", expected one of: var .* ends_with$/,
      ),
    ),
    "a reference to nothing": aboutTargeting(
      { if: [{ $ref: "beta" }, "on", "off"] },
      'warning schema: flags.my-flag refers to "beta", which is not in $evaluators',
      'error unknown-operator: flags.my-flag.targeting.if[0] refers to "beta", expected a rule of $evaluators that does not lead back to itself',
    ),
  },
  secrets: {
    "in a value, wherever it is": {
      flag: { variants: { on: { auth: [{ key: "AKIAIOSFODNN7EXAMPLE" }] }, off: {} } },
      tells: [
        "error secret-value: flags.my-flag.variants.on.auth[0].key looks like an AWS access key, expected no secrets: clients can read it",
      ],
    },
    "by its name": {
      flag: { variants: { on: { apiKey: "0123456789abcdef" }, off: {} } },
      tells: [
        'error secret-value: flags.my-flag.variants.on.apiKey looks like the value of "apiKey", expected no secrets: clients can read it',
      ],
    },
    "in a URL": {
      flag: { metadata: { ...metadata, source: "https://bob:hunter2@x.example/" } },
      tells: [
        "error secret-value: flags.my-flag.metadata.source looks like a URL with a password, expected no secrets: clients can read it",
      ],
    },
    "not in words about passwords": {
      flag: { variants: { on: { password: "forgot your password?" }, off: {} } },
      tells: [],
    },
  },
  variants: {
    "no default": {
      flag: { defaultVariant: null },
      tells: [
        "warning default-variant: flags.my-flag.defaultVariant is missing, expected one of the variants: on, off",
      ],
    },
    "one that nobody is served": aboutTargeting(
      { if: [isBeta, "off"] },
      "warning unused-variant: flags.my-flag.variants.on is never served, expected targeting to name it or the variant to go",
    ),
    "all of them when targeting reads the name": aboutTargeting({ var: "variant" }),
    "all of them without targeting": aboutTargeting({}),
    "one that does not exist": aboutTargeting(
      { if: [isBeta, "blue", "on"] },
      'error unknown-variant: flags.my-flag.targeting.if[1] can give "blue", expected null or one of the variants: on, off',
    ),
    "a truth where a name should be": aboutTargeting(
      { and: [isBeta, "on"] },
      'error unknown-variant: flags.my-flag.targeting.and[0] can give "false", expected null or one of the variants: on, off',
    ),
    "names of buckets": aboutTargeting(
      {
        fractional: [
          ["on", 10],
          ["of", 90],
        ],
      },
      'error unknown-variant: flags.my-flag.targeting.fractional[1][0] can give "of", expected null or one of the variants: on, off',
    ),
    "the short form with a truth": {
      flag: { variants: { true: 1, false: 2 }, defaultVariant: "true", targeting: isBeta },
      tells: [],
    },
  },
  reach: {
    "after a condition that is always true": aboutTargeting(
      { if: [{ "==": [1, 1] }, "on", isBeta, "off"] },
      "warning unreachable-rule: flags.my-flag.targeting.if[3] is never reached: a condition before it is always true; expected it to go",
    ),
    "behind a condition that is never true": aboutTargeting(
      { if: [false, "on", "off"] },
      "warning unreachable-rule: flags.my-flag.targeting.if[1] is never reached: its condition is never true; expected it to go",
      "warning unused-variant: flags.my-flag.variants.on is never served, expected targeting to name it or the variant to go",
    ),
    "behind the same condition again": aboutTargeting(
      { if: [isBeta, "on", isBeta, "off"] },
      "warning unreachable-rule: flags.my-flag.targeting.if[3] is never reached: the same condition stands before it; expected it to go",
    ),
    "operands after one that decides": aboutTargeting(
      { if: [{ or: [true, isBeta] }, "on", "off"] },
      "warning unreachable-rule: flags.my-flag.targeting.if[0].or[1] is never reached: the operand before it is always true; expected it to go",
    ),
    "a bucket without weight": aboutTargeting(
      {
        fractional: [
          ["on", 1],
          ["off", 0],
        ],
      },
      "warning unreachable-rule: flags.my-flag.targeting.fractional[1] has the weight 0, expected more than 0 or the bucket to go",
    ),
    "shared rules that nobody uses": {
      rest: { $evaluators: { beta: isBeta } },
      tells: ['warning unused-evaluator: $evaluators.beta is never used, expected a {"$ref"} to it or the rule to go'],
    },
    "through shared rules": {
      flag: { targeting: { if: [{ $ref: "beta" }, "on", "off"] } },
      rest: { $evaluators: { beta: isBeta } },
      tells: [],
    },
  },
};

for (const [suite, cases] of Object.entries(suites)) {
  describe(suite, () => {
    it.each(Object.entries(cases))("%s", (_, { flag = {}, key = "my-flag", rest = {}, tells }) => {
      const document = { flags: { [key]: { ...good, ...flag } }, ...rest };
      const told = (given: unknown): string[] =>
        lintFlags(given, { now }).map((finding) => `${finding.severity} ${finding.rule}: ${formatProblem(finding)}`);
      expect(told(document)).toEqual(tells);
      expect(told(JSON.stringify(document))).toEqual(tells);
    });
  });
}

describe("lintFlags", () => {
  it("never repeats a secret", () => {
    const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";
    const document = { flags: { a: { ...good, variants: { on: secret, off: "" } } } };
    const findings = lintFlags(document, { now });
    expect(findings.map(({ rule }) => rule)).toEqual(["secret-value"]);
    expect(JSON.stringify(findings)).not.toContain(secret);
  });

  it("tells of text that is no JSON", () => {
    expect(lintFlags("{", { now })).toMatchObject([{ rule: "document", severity: "error", path: "" }]);
  });

  it("names every rule once", () => {
    const names = lintRules.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
