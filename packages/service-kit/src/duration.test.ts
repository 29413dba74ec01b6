import { expect, test } from "vitest";
import { formatGoDuration, parseGoDuration, tryParseGoDuration } from "./duration.ts";

const durations: Record<string, number> = {
  "0": 0,
  "0s": 0,
  "10s": 10_000,
  "1m30s": 90_000,
  "1h15m30.918s": 4_530_918,
  "-1.5h": -5_400_000,
  "500ms": 500,
  "250us": 0.25,
  "1µs": 0.001,
  ".5s": 500,
  "1.s": 1_000,
};
for (const [text, ms] of Object.entries(durations)) {
  test(`${text} is ${ms} ms`, () => expect(parseGoDuration(text)).toBeCloseTo(ms, 9));
}

for (const text of ["", "10", "s", "1d", "1 s", "1m 30s", "ten", "1e3s", "-", "5.s.s"]) {
  test(`${JSON.stringify(text)} is no duration`, () => expect(tryParseGoDuration(text)).toBeUndefined());
}

test("a bad duration says what would be right", () => {
  expect(() => parseGoDuration("1d")).toThrow('[bad_duration] duration is "1d", expected one like 500ms, 10s or 1m30s');
});

const printed: [number, string][] = [
  [0, "0s"],
  [10_000, "10s"],
  [60_000, "1m0s"],
  [3_600_000, "1h0m0s"],
  [5_430_500, "1h30m30.5s"],
  [-90_000, "-1m30s"],
  [250, "250ms"],
  [0.25, "250µs"],
];
for (const [ms, text] of printed) {
  test(`${ms} ms prints as ${text}, and back`, () => {
    expect(formatGoDuration(ms)).toBe(text);
    expect(parseGoDuration(text)).toBeCloseTo(ms, 9);
  });
}
