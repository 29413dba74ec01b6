import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { KubeError } from "./kube-error.ts";
import { createWorkQueue, type WorkQueueOptions } from "./work-queue.ts";

function startQueue(o: Partial<WorkQueueOptions> & Pick<WorkQueueOptions, "reconcile">) {
  const stop = new AbortController();
  const captured = captureLogger();
  const queue = createWorkQueue({ baseDelayMs: 10, maxDelayMs: 80, log: captured.log, ...o });
  queue.start(stop.signal);
  return { queue, stop, captured };
}

/** A reconcile that waits until the test lets it go. */
function gate() {
  const started: string[] = [];
  const open = new Map<string, () => void>();
  return {
    started,
    release: (key: string) => open.get(key)?.(),
    reconcile: (key: string) =>
      new Promise<void>((resolve) => {
        started.push(key);
        open.set(key, resolve);
      }),
  };
}

describe("a work queue", () => {
  test("handles a key that was added many times once", async () => {
    const seen: string[] = [];
    const { queue } = startQueue({ reconcile: async (key) => void seen.push(key) });
    for (let i = 0; i < 5; i++) queue.add("shop/web");
    queue.add("shop/api");
    await waitFor(() => seen.length === 2);
    await queue.stop();
    expect(seen).toEqual(["shop/web", "shop/api"]);
  });

  test("never runs one key twice at the same time, and runs it again when it was added meanwhile", async () => {
    const g = gate();
    const { queue } = startQueue({ reconcile: g.reconcile });
    queue.add("shop/web");
    await waitFor(() => g.started.length === 1);
    queue.add("shop/web");
    queue.add("shop/web");
    queue.add("shop/api");
    await waitFor(() => g.started.length === 2);
    expect(g.started).toEqual(["shop/web", "shop/api"]);
    expect(queue.depth()).toBe(1);
    g.release("shop/web");
    await waitFor(() => g.started.length === 3);
    expect(g.started[2]).toBe("shop/web");
    g.release("shop/web");
    g.release("shop/api");
    await queue.stop();
    expect(g.started).toHaveLength(3);
  });

  test("runs no more keys at once than it is allowed to", async () => {
    const g = gate();
    const { queue } = startQueue({ reconcile: g.reconcile, concurrency: 2 });
    for (const key of ["a/1", "a/2", "a/3"]) queue.add(key);
    await waitFor(() => g.started.length === 2);
    expect(queue.depth()).toBe(1);
    g.release("a/1");
    await waitFor(() => g.started.includes("a/3"));
    for (const key of ["a/2", "a/3"]) g.release(key);
    await queue.stop();
  });

  test("tries a failed key again with growing delay, and forgets the failures when it works", async () => {
    const at: number[] = [];
    const { queue, captured } = startQueue({
      reconcile: async () => {
        at.push(performance.now());
        if (at.length < 4) throw new Error("not yet");
      },
    });
    queue.add("shop/web");
    await waitFor(() => at.length === 4);
    await queue.stop();
    const delays = at.slice(1).map((t, i) => t - (at[i] ?? 0));
    expect(delays[0]).toBeGreaterThanOrEqual(4);
    expect(delays[2]).toBeGreaterThanOrEqual(19);
    const attempts = captured.events.filter((e) => e.msg === "reconcile failed, trying again").map((e) => e.attempt);
    expect(attempts).toEqual([1, 2, 3]);
  });

  test("waits as long as the API asked for", async () => {
    const at: number[] = [];
    const { queue } = startQueue({
      reconcile: async () => {
        at.push(performance.now());
        if (at.length === 1) throw new KubeError("too_many_requests", "later", { retryAfterMs: 150 });
      },
    });
    queue.add("shop/web");
    await waitFor(() => at.length === 2);
    await queue.stop();
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(149);
  });

  test("a lost race is nothing to warn of", async () => {
    let runs = 0;
    const { queue, captured } = startQueue({
      reconcile: async () => {
        runs += 1;
        if (runs === 1) throw new KubeError("conflict", "somebody else wrote it");
      },
    });
    queue.add("shop/web");
    await waitFor(() => runs === 2);
    await queue.stop();
    expect(captured.events.map((e) => e.level)).toEqual(["debug"]);
  });

  test("comes again when the result asks for it, and of two times takes the earlier", async () => {
    let runs = 0;
    const { queue } = startQueue({ reconcile: async () => (++runs === 1 ? { requeueAfterMs: 20 } : undefined) });
    queue.add("shop/web");
    await waitFor(() => runs === 2);
    queue.addAfter("shop/web", 60_000);
    queue.addAfter("shop/web", 10);
    await waitFor(() => runs === 3);
    await queue.stop();
  });

  test("stop waits for what is running and starts nothing more", async () => {
    const g = gate();
    const { queue } = startQueue({ reconcile: g.reconcile, concurrency: 1 });
    queue.add("a/1");
    queue.add("a/2");
    queue.addAfter("a/3", 1);
    await waitFor(() => g.started.length === 1);
    let stopped = false;
    const stopping = queue.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    g.release("a/1");
    await stopping;
    expect(g.started).toEqual(["a/1"]);
  });

  test("lets the event loop turn while there is work that waits for nothing", async () => {
    let turns = 0;
    const turn = () => void turns++;
    let left = 100;
    const seen = new Set<number>();
    const { queue } = startQueue({
      reconcile: async (key) => {
        // Two milliseconds of pure work, and each ends with another key.
        for (const until = performance.now() + 2; performance.now() < until; );
        seen.add(turns);
        setImmediate(turn);
        if (--left > 0) queue.add(`${key}+`);
      },
    });
    queue.add("shop/web");
    await waitFor(() => left === 0);
    await queue.stop();
    expect(seen.size).toBeGreaterThan(3);
  });

  test("tells when the runs of some keys have finished", async () => {
    const g = gate();
    const { queue } = startQueue({ reconcile: g.reconcile, concurrency: 3 });
    for (const key of ["a/1", "b/1", "b/2"]) queue.add(key);
    await waitFor(() => g.started.length === 3);
    let finished = false;
    const done = queue
      .finished((key) => key.startsWith("b/"))
      .then(() => {
        finished = true;
      });
    g.release("b/1");
    await queue.finished((key) => key === "b/1");
    expect(finished).toBe(false);
    g.release("b/2");
    await done;
    g.release("a/1");
    await queue.stop();
  });

  test("keys added before the start wait for it", async () => {
    const seen: string[] = [];
    const queue = createWorkQueue({ reconcile: async (key) => void seen.push(key), log: captureLogger().log });
    queue.add("shop/web");
    expect(queue.depth()).toBe(1);
    queue.start(new AbortController().signal);
    await waitFor(() => seen.length === 1);
    await queue.stop();
  });

  test("tells its metrics", async () => {
    const done: boolean[] = [];
    let retries = 0;
    const depths: number[] = [];
    const { queue } = startQueue({
      reconcile: async () => {
        if (done.length === 0) throw new Error("once");
      },
      metrics: { depth: (n) => depths.push(n), retry: () => retries++, done: (o) => done.push(o.failed) },
    });
    queue.add("shop/web");
    await waitFor(() => done.length === 2);
    await queue.stop();
    expect({ done, retries, last: depths.at(-1) }).toEqual({ done: [true, false], retries: 1, last: 0 });
  });
});
