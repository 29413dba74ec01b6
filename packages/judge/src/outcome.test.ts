import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { combineOutcomes, type Outcome } from "./outcome.ts";

const cases: Record<string, { metrics: Outcome[]; expected: Outcome }> = {
  "passes without metrics": { metrics: [], expected: "pass" },
  "passes when every metric passed": { metrics: ["pass", "pass"], expected: "pass" },
  "is unknown when one metric is unknown and the rest passed": { metrics: ["pass", "unknown"], expected: "unknown" },
  "fails when one metric failed": { metrics: ["pass", "fail"], expected: "fail" },
  "fails when one metric failed though another is unknown": { metrics: ["unknown", "fail"], expected: "fail" },
};

describe("combineOutcomes", () => {
  for (const [name, { metrics, expected }] of Object.entries(cases)) {
    it(name, () => expect(combineOutcomes(metrics)).toBe(expected));
  }

  it("does not depend on the order of the metrics", () => {
    const outcome = fc.constantFrom<Outcome>("pass", "fail", "unknown");
    fc.assert(
      fc.property(fc.array(outcome), (metrics) => {
        expect(combineOutcomes(metrics.toReversed())).toBe(combineOutcomes(metrics));
      }),
    );
  });
});
