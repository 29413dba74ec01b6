import { expect, test } from "vitest";
import { backOffMs, retry, sleep, sleepUntil } from "./retry.ts";

test("delays double up to the largest and spread over their upper half", () => {
  const o = { firstDelayMs: 100, maxDelayMs: 1_000 };
  expect([1, 2, 3, 4, 5, 60].map((attempt) => backOffMs(attempt, { ...o, random: () => 0 }))).toEqual([
    50, 100, 200, 400, 500, 500,
  ]);
  expect(backOffMs(2, { ...o, random: () => 0.5 })).toBe(150);
});

test("repeats until it works and tells of every failure", async () => {
  const told: unknown[] = [];
  const value = await retry(
    async (attempt) => {
      if (attempt < 3) throw new Error(`no ${attempt}`);
      return attempt;
    },
    { firstDelayMs: 1, onRetry: (error, attempt) => told.push([String(error), attempt]) },
  );
  expect(value).toBe(3);
  expect(told).toEqual([
    ["Error: no 1", 1],
    ["Error: no 2", 2],
  ]);
});

test("gives up after the attempts, with the last error", async () => {
  const failing = retry(async (attempt) => Promise.reject(new Error(`no ${attempt}`)), {
    firstDelayMs: 1,
    attempts: 2,
  });
  await expect(failing).rejects.toThrow("no 2");
});

test("gives up when told so", async () => {
  const failing = retry(async () => Promise.reject(new Error("final")), { onRetry: () => false });
  await expect(failing).rejects.toThrow("final");
});

test("an abort ends the wait with its reason", async () => {
  const stop = new AbortController();
  const waiting = retry(async () => Promise.reject(new Error("no")), {
    firstDelayMs: 60_000,
    signal: stop.signal,
    onRetry: () => stop.abort(new Error("stopping")),
  });
  await expect(waiting).rejects.toThrow("stopping");
  await expect(sleep(60_000, AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
  await expect(sleepUntil(Date.now() - 1)).resolves.toBeUndefined();
});
