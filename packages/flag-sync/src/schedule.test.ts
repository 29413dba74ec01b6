import { describe, expect, it } from "vitest";
import { createSchedule, untilNextLook } from "./schedule.ts";

const at = (time: string): Date => new Date(`2026-03-01T${time}`);

describe("schedule", () => {
  const cases: Record<string, [interval: number, seed: string, now: string, waitMs: number]> = {
    "waits for the next multiple of the interval since midnight": [30, "", "10:00:10.000", 20_000],
    "waits a whole interval at such a moment": [30, "", "10:00:30.000", 30_000],
    "counts milliseconds": [5, "", "00:00:04.750", 250],
    "is 5 s when nothing is said": [0, "", "00:00:01.000", 4_000],
    // FNV-1a of "a" is 0xe40c292c = 3826002220, which is 10 above a multiple of 30.
    "is shifted by a seed": [30, "a", "10:00:00.000", 10_000],
  };
  it.each(Object.entries(cases))("%s", (_, [interval, intervalSeed, now, waitMs]) => {
    expect(untilNextLook(createSchedule({ interval, intervalSeed }), at(now))).toBe(waitMs);
  });
});
