import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatFixed2, formatFloat } from "./go-format.ts";

/** Printed by Go 1.26: value, `%.2f`, `%v`. */
const floats: [number, string, string][] = [
  [0, "0.00", "0"],
  [-0, "-0.00", "-0"],
  [1, "1.00", "1"],
  [-1, "-1.00", "-1"],
  [0.5, "0.50", "0.5"],
  [0.125, "0.12", "0.125"],
  [0.375, "0.38", "0.375"],
  [0.625, "0.62", "0.625"],
  [2.675, "2.67", "2.675"],
  [1.005, "1.00", "1.005"],
  [99.995, "100.00", "99.995"],
  [-0.001, "-0.00", "-0.001"],
  [99.9, "99.90", "99.9"],
  [33.333333333333336, "33.33", "33.333333333333336"],
  [999999, "999999.00", "999999"],
  [1000000, "1000000.00", "1e+06"],
  [123456789, "123456789.00", "1.23456789e+08"],
  [0.0001, "0.00", "0.0001"],
  [0.00001234, "0.00", "1.234e-05"],
  [9007199254740992, "9007199254740992.00", "9.007199254740992e+15"],
  [1e21, "1000000000000000000000.00", "1e+21"],
  [Number.POSITIVE_INFINITY, "+Inf", "+Inf"],
  [Number.NEGATIVE_INFINITY, "-Inf", "-Inf"],
  [Number.NaN, "NaN", "NaN"],
];

/** Printed by Go 1.26: milliseconds, `%v` of the time.Duration. */
const durations: [number, string][] = [
  [0, "0s"],
  [0.000001, "1ns"],
  [0.0015, "1.5µs"],
  [1.5, "1.5ms"],
  [500, "500ms"],
  [1515, "1.515s"],
  [1000, "1s"],
  [60_000, "1m0s"],
  [61_500, "1m1.5s"],
  [3_600_000, "1h0m0s"],
  [90_061_001, "25h1m1.001s"],
  [-1500, "-1.5s"],
  [Number.POSITIVE_INFINITY, "2562047h47m16.854775807s"],
  [Number.NEGATIVE_INFINITY, "-2562047h47m16.854775808s"],
];

describe("Go's formats", () => {
  for (const [value, fixed, shortest] of floats) {
    it(`prints ${Object.is(value, -0) ? "-0" : value} as ${fixed} and ${shortest}`, () => {
      expect([formatFixed2(value), formatFloat(value)]).toEqual([fixed, shortest]);
    });
  }
  for (const [milliseconds, text] of durations) {
    it(`prints ${milliseconds} ms as ${text}`, () => expect(formatDuration(milliseconds)).toBe(text));
  }

  it("prints floats so that they read back to the same value", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(formatFloat(value))).toBe(value);
      }),
    );
  });

  it("prints two decimals within half a hundredth of the value", () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const text = formatFixed2(value);
        expect(text).toMatch(/^-?\d+\.\d\d$/);
        expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(0.005 + 1e-6);
      }),
    );
  });

  it("prints whole milliseconds without losing any", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (milliseconds) => {
        const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
        const parts = [...formatDuration(milliseconds).matchAll(/([\d.]+)(h|ms|m|s)/g)];
        const total = parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
        expect(total).toBeCloseTo(milliseconds, 5);
      }),
    );
  });
});
