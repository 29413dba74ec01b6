import { describe, expect, it } from "vitest";
import { createLimiter } from "./limiter.ts";

const never = new AbortController().signal;

describe("createLimiter", () => {
  it("runs no more tasks at once than it has slots, and all of them in the end", async () => {
    const limiter = createLimiter(2);
    let running = 0;
    let most = 0;
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        limiter.run(async () => {
          most = Math.max(most, ++running);
          await Promise.resolve();
          running--;
          return n;
        }, never),
      ),
    );
    expect({ results, most }).toEqual({ results: [1, 2, 3, 4, 5], most: 2 });
  });

  it("gives the slot of a failed task to the next", async () => {
    const limiter = createLimiter(1);
    await expect(limiter.run(() => Promise.reject(new Error("boom")), never)).rejects.toThrow("boom");
    expect(await limiter.run(async () => "next", never)).toBe("next");
  });

  it("lets a waiting task go when its signal aborts, and keeps the order of the others", async () => {
    const limiter = createLimiter(1);
    const first = Promise.withResolvers<string>();
    const leaving = new AbortController();
    const results = [limiter.run(() => first.promise, never)];
    const left = limiter.run(async () => "left", leaving.signal);
    results.push(limiter.run(async () => "second", never));
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    first.resolve("first");
    expect(await Promise.all(results)).toEqual(["first", "second"]);
  });
});
