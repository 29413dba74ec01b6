import type { FlagOverride } from "@burgee/contracts/crd";
import { compileFlag, evaluateFlag, type JsonObject, parseFlagDocument } from "@burgee/flag-engine";
import { describe, expect, test } from "vitest";
import { layOverrides } from "./lay-overrides.ts";

const now = Date.parse("2030-01-01T00:00:00Z");
const vip = { if: [{ "==": [{ var: "tier" }, "vip"] }, "gold"] };
const document: JsonObject = {
  flags: {
    plain: { state: "ENABLED", variants: { off: false, on: true }, defaultVariant: "off" },
    ruled: { state: "ENABLED", variants: { off: "o", on: "n", gold: "g" }, defaultVariant: "off", targeting: vip },
    blank: { state: "ENABLED", variants: { off: false, on: true }, defaultVariant: "off", targeting: {} },
    dead: { state: "DISABLED", variants: { off: false, on: true }, defaultVariant: "off" },
  },
  metadata: { flagSetId: "shop" },
};

interface Wish {
  readonly key?: string;
  readonly variant?: string;
  readonly target?: "canary" | "all" | "fractional";
  readonly weight?: number;
  readonly revision?: string;
  readonly expiresAt?: string;
  readonly name?: string;
  readonly created?: string;
}

function override(o: Wish): FlagOverride {
  return {
    metadata: {
      name: o.name ?? "o1",
      namespace: "shop",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: o.created ?? "2029-01-01T00:00:00Z",
    },
    spec: {
      flagRef: { name: "flags", key: o.key ?? "plain" },
      owner: { kind: "Canary", name: "web", namespace: "shop", uid: "c", run: 1 },
      rule: {
        variant: o.variant ?? "on",
        target: o.target ?? "canary",
        ...(o.revision === undefined ? {} : { revision: o.revision }),
        ...(o.weight === undefined ? {} : { weight: o.weight }),
      },
      ...(o.expiresAt === undefined ? {} : { expiresAt: o.expiresAt }),
    },
  };
}

/** What flagd's own engine answers for the document with the overrides laid over it. */
function variantOf(overrides: FlagOverride[], key: string, context: JsonObject): string {
  const parsed = parseFlagDocument(layOverrides(document, overrides, now).document);
  const definition = parsed.ok ? parsed.document.flags.find((flag) => flag.key === key) : undefined;
  if (definition === undefined) throw new Error(`no flag ${key}`);
  const resolution = evaluateFlag(compileFlag(definition), { type: "any", context, nowSeconds: 0 });
  return resolution.ok ? `${resolution.variant} ${resolution.reason}` : resolution.errorCode;
}

const canary = { releaseRole: "canary", releaseRevision: "r2" };
const primary = { releaseRole: "primary", releaseRevision: "r1" };

const cases: Record<string, { overrides: Wish[]; key?: string; answers: [JsonObject, string][] }> = {
  "canary pods get the variant, the others the default": {
    overrides: [{}],
    answers: [
      [canary, "on TARGETING_MATCH"],
      [primary, "off DEFAULT"],
      [{}, "off DEFAULT"],
    ],
  },
  "the others keep the user's targeting": {
    overrides: [{ key: "ruled" }],
    key: "ruled",
    answers: [
      [{ ...canary, tier: "vip" }, "on TARGETING_MATCH"],
      [{ ...primary, tier: "vip" }, "gold TARGETING_MATCH"],
      [primary, "off DEFAULT"],
    ],
  },
  "an empty rule of the user is none": {
    overrides: [{ key: "blank" }],
    key: "blank",
    answers: [
      [canary, "on TARGETING_MATCH"],
      [primary, "off DEFAULT"],
    ],
  },
  "a revision narrows it down": {
    overrides: [{ revision: "r2" }],
    answers: [
      [canary, "on TARGETING_MATCH"],
      [{ ...canary, releaseRevision: "r3" }, "off DEFAULT"],
      [{ releaseRole: "canary" }, "off DEFAULT"],
      [{ releaseRevision: "r2" }, "off DEFAULT"],
    ],
  },
  "target all serves everybody, whatever the user's targeting says": {
    overrides: [{ key: "ruled", target: "all" }],
    key: "ruled",
    answers: [
      [{ tier: "vip" }, "on STATIC"],
      [primary, "on STATIC"],
    ],
  },
  "a disabled flag stays disabled": {
    overrides: [{ key: "dead", target: "all" }],
    key: "dead",
    answers: [[canary, "undefined DISABLED"]],
  },
  "an expired override is ignored": {
    overrides: [{ expiresAt: "2029-12-31T23:59:59Z" }],
    answers: [[canary, "off STATIC"]],
  },
  "one that has not expired counts": {
    overrides: [{ expiresAt: "2030-01-01T00:00:01Z" }],
    answers: [[canary, "on TARGETING_MATCH"]],
  },
  "the newest of two decides, the older one serves the rest": {
    overrides: [
      { name: "b", variant: "gold", key: "ruled", created: "2029-06-01T00:00:00Z" },
      { name: "a", target: "all", key: "ruled" },
    ],
    key: "ruled",
    answers: [
      [canary, "gold TARGETING_MATCH"],
      [primary, "on DEFAULT"],
    ],
  },
  "the canary's own wins over one for everybody, however old it is": {
    overrides: [
      { name: "b", variant: "gold", key: "ruled", created: "2028-06-01T00:00:00Z" },
      { name: "a", target: "all", key: "ruled" },
    ],
    key: "ruled",
    answers: [
      [canary, "gold TARGETING_MATCH"],
      [primary, "on DEFAULT"],
    ],
  },
  "a share of nobody leaves the user's rule": {
    overrides: [{ key: "ruled", target: "fractional", weight: 0 }],
    key: "ruled",
    answers: [
      [{ targetingKey: "jane", tier: "vip" }, "gold TARGETING_MATCH"],
      [{ targetingKey: "jane" }, "off DEFAULT"],
    ],
  },
  "a share of everybody serves all that have a key": {
    overrides: [{ key: "ruled", target: "fractional", weight: 100 }],
    key: "ruled",
    answers: [
      [{ targetingKey: "jane", tier: "vip" }, "on TARGETING_MATCH"],
      [{ tier: "vip" }, "gold TARGETING_MATCH"],
    ],
  },
  "an unknown variant changes nothing": { overrides: [{ variant: "blue" }], answers: [[canary, "off STATIC"]] },
};

describe("layOverrides", () => {
  for (const [name, { overrides, key = "plain", answers }] of Object.entries(cases)) {
    test(name, () => {
      for (const [context, expected] of answers)
        expect(variantOf(overrides.map(override), key, context)).toBe(expected);
    });
  }

  test("without effect gives the user's document itself", () => {
    expect(layOverrides(document, [override({ expiresAt: "2000-01-01T00:00:00Z" })], now).document).toBe(document);
  });

  test("never changes the user's object", () => {
    const before = JSON.stringify(document);
    const laid = layOverrides(document, [override({}), override({ key: "ruled", target: "all" })], now);
    expect(JSON.stringify(document)).toBe(before);
    expect(laid.document.metadata).toEqual({ flagSetId: "shop" });
    expect(Object.keys(laid.document.flags ?? {})).toEqual(["plain", "ruled", "blank", "dead"]);
  });

  test("names owners and the next expiry", () => {
    const laid = layOverrides(
      document,
      [override({ expiresAt: "2030-01-03T00:00:00Z" }), override({ key: "ruled", expiresAt: "2030-01-02T00:00:00Z" })],
      now,
    );
    expect([...laid.owners]).toEqual([
      ["plain", "shop/web"],
      ["ruled", "shop/web"],
    ]);
    expect(laid.nextExpiryMs).toBe(Date.parse("2030-01-02T00:00:00Z"));
  });

  const problems: Record<string, [FlagOverride, string]> = {
    "a variant that the flag lacks": [
      override({ variant: "blue" }),
      'FlagOverride shop/o1: spec.rule.variant is "blue", expected one of: off, on',
    ],
    "a key that the document lacks": [
      override({ key: "nope" }),
      'FlagOverride shop/o1: spec.flagRef.key is "nope", expected one of: plain, ruled, blank, dead',
    ],
    "a share of unknown size": [
      override({ target: "fractional" }),
      "FlagOverride shop/o1: spec.rule.weight is missing, expected 0–100 with target fractional",
    ],
    "a moment that is none": [
      override({ expiresAt: "soon" }),
      'FlagOverride shop/o1: spec.expiresAt must match format "date-time"',
    ],
    "a field that does not fit": [
      { ...override({}), spec: { ...override({}).spec, owner: { ...override({}).spec.owner, run: -1 } } },
      "FlagOverride shop/o1: spec.owner.run must be >= 0",
    ],
  };
  for (const [name, [bad, message]] of Object.entries(problems)) {
    test(`says what is wrong with ${name}`, () => {
      const laid = layOverrides(document, [bad], now);
      expect(laid.problems).toEqual([message]);
      expect(laid.document).toBe(document);
    });
  }
});
