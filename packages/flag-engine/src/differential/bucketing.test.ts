import { FlagdCore } from "@openfeature/flagd-core";
import { describe, expect, it } from "vitest";
import { compileFlag } from "../compile.ts";
import { evaluate } from "../evaluate.ts";
import { parseFlagDocument } from "../parse.ts";

/** 1 asks for 1,000,000 keys. */
const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const keys = Math.max(1_000, Math.round(1_000_000 * scale));

const weights: Record<string, readonly (readonly [string] | readonly [string, number])[]> = {
  halves: [["a"], ["b"]],
  percent: [
    ["a", 1],
    ["b", 9],
    ["c", 90],
  ],
  thirds: [
    ["a", 1],
    ["b", 1],
    ["c", 1],
  ],
  fine: [
    ["a", 1],
    ["b", 99_999],
    ["c", 1_900_000],
  ],
  largest: [
    ["a", 2_147_483_646],
    ["b", 1],
  ],
};
const variants = { a: "A", b: "B", c: "C" };
const flag = (targeting: object): object => ({ state: "ENABLED", variants, defaultVariant: "c", targeting });
const document = {
  flags: Object.fromEntries(
    Object.entries(weights).flatMap(([name, buckets]) => [
      [name, flag({ fractional: buckets })],
      [`${name}-by-email`, flag({ fractional: [{ var: "email" }, ...buckets] })],
    ]),
  ),
};

describe("bucketing", () => {
  const silent = { error() {}, warn() {}, info() {}, debug() {} };
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(JSON.stringify(document));
  const parsed = parseFlagDocument(document);
  const flags = new Map(
    parsed.ok ? parsed.document.flags.map((definition) => [definition.key, compileFlag(definition)]) : [],
  );

  it(`is that of @openfeature/flagd-core for ${keys} keys`, { timeout: 600_000 }, () => {
    const names = [...flags.keys()];
    const differing: string[] = [];
    for (let i = 0; i < keys; i++) {
      const name = names[i % names.length] ?? "";
      const context = { targetingKey: `user-${(i * 2_654_435_761) % 4_294_967_296}`, email: `${i}@shop.example` };
      const ours = evaluate(flags, name, { type: "string", context, nowSeconds: 0 });
      const theirs = core.resolveStringEvaluation(name, "none", context);
      if (!ours.ok || ours.variant !== theirs.variant)
        differing.push(`${name} ${context.targetingKey} ${context.email}`);
    }
    expect(differing).toEqual([]);
  });
});
