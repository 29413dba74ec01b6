import { expect, test } from "vitest";
import { msFromGoDuration } from "./duration.ts";

const cases: Readonly<Record<string, number | undefined>> = {
  "30s": 30_000,
  "1m30s": 90_000,
  "1h": 3_600_000,
  "500ms": 500,
  "1.5h": 5_400_000,
  "0": 0,
  "": undefined,
  soon: undefined,
  "10": undefined,
  "-5s": undefined,
  "5s ago": undefined,
};

for (const [text, ms] of Object.entries(cases)) {
  test(`"${text}" is ${ms ?? "no duration"}`, () => expect(msFromGoDuration(text)).toBe(ms));
}
