import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Limits, MetricKind } from "./bounds.ts";
import { type Judgement, judgeValue } from "./judge-value.ts";

interface Case {
  kind: MetricKind;
  value: number;
  limits: Limits;
  expected: Judgement["outcome"];
}

const cases: Record<string, Case> = {
  "passes at the minimum": { kind: "custom", value: 99, limits: { min: 99 }, expected: "pass" },
  "passes at the maximum": { kind: "custom", value: 1, limits: { max: 1 }, expected: "pass" },
  "fails just below the minimum": { kind: "custom", value: 98.999, limits: { min: 99 }, expected: "fail" },
  "fails just above the maximum": { kind: "custom", value: 1.001, limits: { max: 1 }, expected: "fail" },
  "passes inside a range": { kind: "custom", value: 5, limits: { min: 1, max: 10 }, expected: "pass" },
  "passes at zero when both limits are zero": {
    kind: "custom",
    value: 0,
    limits: { min: 0, max: 0 },
    expected: "pass",
  },
  "reads the old threshold of a success rate as a minimum": {
    kind: "request-success-rate",
    value: 98,
    limits: { threshold: 99 },
    expected: "fail",
  },
  "passes a success rate at the old threshold": {
    kind: "request-success-rate",
    value: 99,
    limits: { threshold: 99 },
    expected: "pass",
  },
  "reads the old threshold of a duration as a maximum": {
    kind: "request-duration",
    value: 501,
    limits: { threshold: 500 },
    expected: "fail",
  },
  "reads the old threshold of a custom metric as a maximum": {
    kind: "custom",
    value: 2,
    limits: { threshold: 1 },
    expected: "fail",
  },
  "prefers the range to the old threshold": {
    kind: "custom",
    value: 5,
    limits: { max: 10, threshold: 1 },
    expected: "pass",
  },
  "passes any success rate without limits": { kind: "request-success-rate", value: 0, limits: {}, expected: "pass" },
  "fails any positive custom value without limits": { kind: "custom", value: 0.1, limits: {}, expected: "fail" },
  "fails any positive duration without limits": { kind: "request-duration", value: 1, limits: {}, expected: "fail" },
  "passes a duration under a millisecond without limits": {
    kind: "request-duration",
    value: 0.9,
    limits: {},
    expected: "pass",
  },
  "cuts a measured duration to whole milliseconds": {
    kind: "request-duration",
    value: 500.9,
    limits: { max: 500 },
    expected: "pass",
  },
  "cuts the limit of a duration to whole milliseconds": {
    kind: "request-duration",
    value: 1,
    limits: { max: 0.5 },
    expected: "fail",
  },
  "fails an infinite value above a maximum": {
    kind: "request-duration",
    value: Number.POSITIVE_INFINITY,
    limits: { max: 500 },
    expected: "fail",
  },
};

describe("judgeValue", () => {
  for (const [name, { kind, value, limits, expected }] of Object.entries(cases)) {
    it(name, () => expect(judgeValue(value, limits, kind).outcome).toBe(expected));
  }

  it("reports the minimum first when a value breaks both limits", () => {
    expect(judgeValue(5, { min: 10, max: 1 }, "custom").breach).toEqual({ side: "below-min", limit: 10 });
  });

  it("tells the limit that the old threshold became", () => {
    expect(judgeValue(98, { threshold: 99 }, "request-success-rate")).toEqual({
      outcome: "fail",
      value: 98,
      bounds: { min: 99 },
      breach: { side: "below-min", limit: 99 },
    });
  });

  it("refuses a value that is not a number", () => {
    expect(() => judgeValue(Number.NaN, {}, "custom")).toThrow("value is NaN, expected a number");
  });

  const kinds = fc.constantFrom<MetricKind>("request-success-rate", "request-duration", "custom");
  const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });

  it("passes exactly the values between its limits", () => {
    fc.assert(
      fc.property(kinds, numbers, numbers, numbers, (kind, value, min, max) => {
        const { outcome, value: compared, bounds } = judgeValue(value, { min, max }, kind);
        expect(outcome === "pass").toBe(compared >= (bounds.min ?? 0) && compared <= (bounds.max ?? 0));
      }),
    );
  });

  it("never fails more when a range is widened", () => {
    fc.assert(
      fc.property(
        kinds,
        numbers,
        numbers,
        numbers,
        fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        (kind, value, min, max, more) => {
          if (judgeValue(value, { min, max }, kind).outcome === "pass") {
            expect(judgeValue(value, { min: min - more, max: max + more }, kind).outcome).toBe("pass");
          }
        },
      ),
    );
  });
});
