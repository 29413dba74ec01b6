import type { JsonValue } from "@burgee/flag-engine";

/** Rules by shape; every one of them names a variant of the flag `bench`. */
export const rules: Readonly<Record<string, JsonValue>> = {
  simple: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", "off"] },
  membership: { if: [{ in: [{ var: "email" }, ["a@shop.example", "b@shop.example", "c@shop.example"]] }, "on", "off"] },
  nested: {
    if: [
      {
        and: [
          { or: [{ "==": [{ var: "region" }, "eu"] }, { "==": [{ var: "region" }, "us"] }] },
          { ">=": [{ var: "age" }, 18] },
          { "!": [{ "==": [{ var: "plan" }, "free"] }] },
        ],
      },
      "on",
      { if: [{ "==": [{ var: "region" }, "apac"] }, "on", "off"] },
    ],
  },
};

/** Rules with flagd's own operators, which json-logic-js does not have. */
export const flagdRules: Readonly<Record<string, JsonValue>> = {
  startsWith: { if: [{ starts_with: [{ var: "email" }, "a"] }, "on", "off"] },
  semVer: { if: [{ sem_ver: [{ var: "version" }, ">=", "1.4.0"] }, "on", "off"] },
  fractional: {
    fractional: [
      ["on", 25],
      ["off", 75],
    ],
  },
};

/** Who asks; plain enough for every contender. */
export type Context = Readonly<Record<string, string | number>>;

/** Varied contexts, so that no branch is always taken. */
export function contexts(count: number): readonly Context[] {
  const pick = <T>(values: readonly [T, ...T[]], i: number): T => values[i % values.length] ?? values[0];
  return Array.from({ length: count }, (_, i) => ({
    targetingKey: `user-${i}`,
    email: `${pick(["a", "b", "x", "y"], i)}@shop.example`,
    plan: pick(["free", "pro", "team"], i),
    region: pick(["eu", "us", "apac", "latam", "mea"], i),
    age: 10 + (i % 50),
    version: `1.${i % 8}.${i % 3}`,
  }));
}
