import type { JsonObject, JsonValue } from "@burgee/flag-engine";

/** One kind of rule. It names a variant of a flag that has `on` and `off`. */
export interface Kind {
  /** Absent for a flag without targeting. */
  readonly targeting?: JsonValue;
  /** Whether json-logic-js knows its operators. */
  readonly standard: boolean;
}

const beta: JsonValue = {
  or: [{ in: ["@beta.example", { var: "email" }] }, { in: [{ var: "plan" }, ["team", "enterprise"]] }],
};

/** Rules that flags refer to with `$ref`. */
export const evaluators: JsonObject = { beta };

/** The kinds by name: what the flags of the bench are called. */
export const kinds: Readonly<Record<string, Kind>> = {
  static: { standard: false },
  simple: { standard: true, targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", "off"] } },
  nested: {
    standard: true,
    targeting: {
      if: [
        {
          and: [
            { or: [{ "==": [{ var: "region" }, "eu"] }, { "==": [{ var: "region" }, "us"] }] },
            { ">=": [{ var: "age" }, 18] },
            { "!": [{ "==": [{ var: "plan" }, "free"] }] },
          ],
        },
        "on",
        { "==": [{ var: "region" }, "apac"] },
        "on",
        "off",
      ],
    },
  },
  semVer: { standard: false, targeting: { if: [{ sem_ver: [{ var: "version" }, ">=", "1.4.0"] }, "on", "off"] } },
  fractional: {
    standard: false,
    targeting: {
      fractional: [
        ["on", 25],
        ["off", 75],
      ],
    },
  },
  ref: { standard: false, targeting: { if: [{ $ref: "beta" }, "on", "off"] } },
};

/** Who asks; plain enough for every contender. */
export type Context = Readonly<Record<string, string | number>>;

/** Varied contexts, so that no branch is always taken. */
export function contexts(count: number): readonly Context[] {
  const pick = <T>(values: readonly [T, ...T[]], i: number): T => values[i % values.length] ?? values[0];
  return Array.from({ length: count }, (_, i) => ({
    targetingKey: `user-${i}`,
    email: `${pick(["a", "b", "x", "y"], i)}@${pick(["shop", "shop", "beta"], i)}.example`,
    plan: pick(["free", "pro", "team"], i),
    region: pick(["eu", "us", "apac", "latam", "mea"], i),
    age: 10 + (i % 50),
    version: `1.${i % 8}.${i % 3}`,
  }));
}
