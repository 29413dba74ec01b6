import type { FlagOverride } from "@burgee/contracts/crd";
import { compileFlag, evaluateFlag, type JsonObject, parseFlagDocument } from "@burgee/flag-engine";
import { expect, test } from "vitest";
import { layOverrides } from "./lay-overrides.ts";

const keys = Array.from({ length: 10_000 }, (_, i) => `user-${i}`);
const weights = [0, 1, 5, 10, 25, 50, 75, 99, 100];
const document: JsonObject = {
  flags: { checkout: { state: "ENABLED", variants: { off: false, on: true }, defaultVariant: "off" } },
};

function override(weight: number): FlagOverride {
  return {
    metadata: { name: "o", namespace: "shop", uid: "u", resourceVersion: "1" },
    spec: {
      flagRef: { name: "flags", key: "checkout" },
      owner: { kind: "FlagRollout", name: "checkout", namespace: "shop", uid: "f", run: 1 },
      rule: { variant: "on", target: "fractional", weight },
    },
  };
}

/** The keys that flagd's own engine serves the variant at a weight. */
function insideAt(weight: number): Set<string> {
  const parsed = parseFlagDocument(layOverrides(document, [override(weight)], 0).document);
  const flag = parsed.ok ? parsed.document.flags[0] : undefined;
  if (flag === undefined) throw new Error("no flag");
  const compiled = compileFlag(flag);
  const variantOf = (targetingKey: string) => {
    const resolution = evaluateFlag(compiled, { type: "boolean", context: { targetingKey }, nowSeconds: 0 });
    return resolution.ok ? resolution.variant : resolution.errorCode;
  };
  return new Set(keys.filter((key) => variantOf(key) === "on"));
}

test("of 10,000 keys, whoever is in at a weight is in at every larger one, and as many are in as the weight says", () => {
  let before = new Set<string>();
  for (const weight of weights) {
    const inside = insideAt(weight);
    expect([...before].filter((key) => !inside.has(key))).toEqual([]);
    const deviation = Math.sqrt(keys.length * (weight / 100) * (1 - weight / 100));
    expect(Math.abs(inside.size - (keys.length * weight) / 100)).toBeLessThanOrEqual(4.5 * deviation);
    before = inside;
  }
});
