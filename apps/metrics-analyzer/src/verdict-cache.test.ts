import { expect, it } from "vitest";
import { createVerdictCache } from "./verdict-cache.ts";

function cacheAt(clock: { now: number }, maxEntries = 10) {
  return createVerdictCache<string>({ ttlMs: 100, maxEntries, now: () => clock.now });
}

it("works an answer out once for everybody who asks meanwhile", async () => {
  const cache = cacheAt({ now: 0 });
  const working = Promise.withResolvers<string>();
  const first = cache.get("q", () => working.promise);
  const second = cache.get("q", async () => "another");
  working.resolve("answer");
  expect([first.from, second.from, await first.value, await second.value]).toEqual([
    "new",
    "shared",
    "answer",
    "answer",
  ]);
});

it("remembers an answer for its time and no longer", async () => {
  const clock = { now: 0 };
  const cache = cacheAt(clock);
  await cache.get("q", async () => "old").value;
  clock.now = 99;
  const remembered = cache.get("q", async () => "new");
  expect([remembered.from, await remembered.value]).toEqual(["cache", "old"]);
  clock.now = 100;
  const forgotten = cache.get("q", async () => "new");
  expect([forgotten.from, await forgotten.value]).toEqual(["new", "new"]);
});

it("forgets an answer that failed", async () => {
  const cache = cacheAt({ now: 0 });
  await expect(cache.get("q", () => Promise.reject(new Error("stopping"))).value).rejects.toThrow("stopping");
  expect(await cache.get("q", async () => "answer").value).toBe("answer");
});

it("forgets the oldest answer when it is full", async () => {
  const cache = cacheAt({ now: 0 }, 2);
  for (const question of ["a", "b", "c"]) await cache.get(question, async () => question).value;
  expect([
    cache.get("b", async () => "").from,
    cache.get("c", async () => "").from,
    cache.get("a", async () => "").from,
  ]).toEqual(["cache", "cache", "new"]);
});
