import { describe, expect, it } from "vitest";
import { createWeightedChoice } from "./weighted-choice.ts";

const cases: Record<string, { weights: Record<string, number>; picks: number; expected: Record<string, number> }> = {
  "gives each item exactly its weight": { weights: { a: 80, b: 20 }, picks: 100, expected: { a: 80, b: 20 } },
  "never picks a weight of zero": { weights: { a: 100, b: 0 }, picks: 50, expected: { a: 50 } },
  "treats equal weights alike": { weights: { a: 1, b: 1, c: 1 }, picks: 9, expected: { a: 3, b: 3, c: 3 } },
};

describe("smooth weighted round-robin", () => {
  for (const [name, { weights, picks, expected }] of Object.entries(cases)) {
    it(name, () => {
      const choice = createWeightedChoice();
      const seen: Record<string, number> = {};
      for (let i = 0; i < picks; i++) {
        const key = choice.next(new Map(Object.entries(weights)));
        if (key !== undefined) seen[key] = (seen[key] ?? 0) + 1;
      }
      expect(seen).toEqual(expected);
    });
  }

  it("spreads the picks of the lighter item", () => {
    const choice = createWeightedChoice();
    const picks = Array.from({ length: 10 }, () => choice.next(new Map(Object.entries({ a: 8, b: 2 }))));
    expect(picks.join("")).toBe("aabaaaabaa");
  });

  it("picks nothing when all weights are zero", () => {
    expect(createWeightedChoice().next(new Map([["a", 0]]))).toBeUndefined();
  });
});
