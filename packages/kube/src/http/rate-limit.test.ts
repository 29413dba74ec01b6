import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

describe("a rate limit", () => {
  const never = new AbortController().signal;
  let began = 0;
  beforeEach(() => {
    vi.useFakeTimers();
    began = performance.now();
  });
  afterEach(() => vi.useRealTimers());

  /** Asks for a request and notes who went when. */
  function asking(limit: ReturnType<typeof createRateLimit>) {
    const went: { of: string; afterMs: number }[] = [];
    const ask = async (of: string, signal = never): Promise<void> => {
      await limit.take(of, signal);
      went.push({ of, afterMs: Math.round(performance.now() - began) });
    };
    return { went, ask };
  }

  test("lets a burst through at once and then so many a second", async () => {
    const { went, ask } = asking(createRateLimit({ qps: 10, burst: 3 }));
    const all = Promise.all(Array.from({ length: 6 }, () => ask("web")));
    await vi.advanceTimersByTimeAsync(1_000);
    await all;
    expect(went.map(({ afterMs }) => afterMs)).toEqual([0, 0, 0, 100, 200, 300]);
  });

  test("fills up again while nobody asks", async () => {
    const { went, ask } = asking(createRateLimit({ qps: 10, burst: 2 }));
    await Promise.all([ask("web"), ask("web")]);
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all([ask("web"), ask("web")]);
    expect(went.map(({ afterMs }) => afterMs)).toEqual([0, 0, 5_000, 5_000]);
  });

  test("gives everybody a turn, however much one asks for", async () => {
    const { went, ask } = asking(createRateLimit({ qps: 10, burst: 1 }));
    const noisy = Array.from({ length: 1_000 }, () => ask("noisy").catch(() => undefined));
    const quiet = [ask("web"), ask("api"), ask("web")];
    await vi.advanceTimersByTimeAsync(800);
    await Promise.all(quiet);
    expect(went.map(({ of }) => of)).toEqual([
      "noisy",
      "noisy",
      "web",
      "api",
      "noisy",
      "web",
      "noisy",
      "noisy",
      "noisy",
    ]);
    await vi.advanceTimersByTimeAsync(100_000);
    await Promise.all(noisy);
  });

  test("spends nothing on a request that was given up", async () => {
    const { went, ask } = asking(createRateLimit({ qps: 10, burst: 1 }));
    const given = new AbortController();
    await ask("web");
    const gone = [ask("web", given.signal), ask("web", given.signal)].map((asked) => expect(asked).rejects.toThrow());
    const stays = ask("api");
    given.abort(new Error("given up"));
    await Promise.all(gone);
    await vi.advanceTimersByTimeAsync(100);
    await stays;
    expect(went).toEqual([
      { of: "web", afterMs: 0 },
      { of: "api", afterMs: 100 },
    ]);
    await expect(ask("web", given.signal)).rejects.toThrow("given up");
  });
});
