import type { JsonObject, JsonValue } from "@burgee/flag-engine";

/** What the load asks for: a flag with a rule that a third of the contexts meets. */
export const askedKey = "flag-007";

/** Flags as a product has them: switches with and without rules, texts, numbers, objects, percentages. */
export function benchFlags(count = 350): JsonObject {
  const names = Array.from({ length: count }, (_, i) => `flag-${String(i).padStart(3, "0")}`);
  const metadata = { owner: "bench" };
  return { flags: Object.fromEntries(names.map((name, i) => [name, { ...shape(i), metadata }])) };
}

function shape(i: number): JsonObject {
  const shapes: readonly JsonObject[] = [
    flag({ on: true, off: false }, "off"),
    flag({ on: true, off: false }, "on"),
    flag({ short: "hi", long: `welcome to the shop ${i}` }, "long"),
    flag({ few: 10, many: 100.5 }, "few"),
    flag({ plain: { color: "#fff", sizes: [1, 2, 3] }, dark: { color: "#000", sizes: [1, 2, 3] } }, "plain"),
    flag({ a: "A", b: "B" }, "a", {
      fractional: [
        ["a", i % 100],
        ["b", 100 - (i % 100)],
      ],
    }),
    flag({ on: true, off: false }, "off", { if: [{ ">=": [{ var: "age" }, 18 + (i % 40)] }, "on", null] }),
    flag({ on: true, off: false }, "off", {
      if: [
        { and: [{ in: [{ var: "tier" }, ["gold", "silver"]] }, { ends_with: [{ var: "email" }, "@example.com"] }] },
        "on",
      ],
    }),
  ];
  return shapes[i % shapes.length] ?? {};
}

function flag(variants: JsonObject, defaultVariant: string, targeting?: JsonValue): JsonObject {
  return { state: "ENABLED", variants, defaultVariant, ...(targeting !== undefined && { targeting }) };
}

/** What the load sends along. */
export const contexts = Array.from({ length: 16 }, (_, i) => ({
  targetingKey: `user-${i}`,
  email: `user-${i}@${i % 2 === 0 ? "example.com" : "example.org"}`,
  tier: ["gold", "silver", "bronze"][i % 3] ?? "",
  age: 20 + i,
}));
