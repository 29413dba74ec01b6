import { expect, test } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

const rate = { burst: 3, intervalMs: 1_000 };
let now = 1_000_000;
const limitAt = () => createRateLimit({ now: () => now });

test("a burst goes out at once, then one in every interval", () => {
  const limit = limitAt();
  expect([1, 2, 3, 4, 5].map(() => limit.reserve("a", rate))).toEqual([0, 0, 0, 1_000, 2_000]);
});

test("a quiet time earns turns, but no more than the burst", () => {
  const limit = limitAt();
  for (let i = 0; i < 3; i++) limit.reserve("a", rate);
  now += 1_000;
  expect([limit.reserve("a", rate), limit.reserve("a", rate)]).toEqual([0, 1_000]);
  now += 1_000_000;
  expect([1, 2, 3, 4].map(() => limit.reserve("a", rate))).toEqual([0, 0, 0, 1_000]);
});

test("a receiver that asked to be left alone is left alone, then gets no burst", () => {
  const limit = limitAt();
  limit.pause("a", 10_000);
  expect([1, 2, 3].map(() => limit.reserve("a", rate))).toEqual([10_000, 11_000, 12_000]);
});

test("other receivers do not wait with it", () => {
  const limit = limitAt();
  limit.pause("b", 10_000);
  expect(limit.reserve("a", rate)).toBe(0);
});
