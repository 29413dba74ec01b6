import { backOffMs } from "@burgee/service-kit";
import type { Log } from "./client.ts";
import { isKubeError } from "./kube-error.ts";
import { createTimetable } from "./timetable.ts";

export interface WorkQueueOptions {
  /** Handles one key (`namespace/name`). A throw is retried with growing delay; a result may ask to come again. */
  reconcile: (key: string, signal: AbortSignal) => Promise<void> | Promise<{ requeueAfterMs: number } | undefined>;
  /** Keys handled at the same time; default 4. */
  concurrency?: number | undefined;
  /** First retry delay; default 200. Doubles up to `maxDelayMs`, default 60 000. */
  baseDelayMs?: number | undefined;
  maxDelayMs?: number | undefined;
  log: Log;
  metrics?: WorkQueueMetrics | undefined;
}

/** What a queue tells about itself; see `workQueueMetrics` for the usual ones. */
export interface WorkQueueMetrics {
  depth(value: number): void;
  done(o: { queuedSeconds: number; handledSeconds: number; failed: boolean }): void;
  retry(): void;
}

/** A set of keys to handle. Adding a waiting key is a no-op; adding a running key runs it once more afterwards. */
export interface WorkQueue {
  readonly name: string;
  start(signal: AbortSignal): void;
  /** Takes no new work and resolves when running keys have finished. */
  stop(): Promise<void>;
  add(key: string): void;
  /** Of several times for one key the earliest wins. `add` does not cancel it. */
  addAfter(key: string, delayMs: number): void;
  /** Resolves when none of the runs that are under way now for such keys is any more. */
  finished(isAmong: (key: string) => boolean): Promise<void>;
  /** Waiting keys, without those that wait for a time. */
  depth(): number;
}

/** Runs that find all they need in memory never end a turn of the event loop by themselves: probes, leases and watches need turns too. */
const turnMs = 20;

/** Starts empty and idle; keys added before `start` wait for it. */
export function createWorkQueue(o: WorkQueueOptions): WorkQueue {
  const concurrency = o.concurrency ?? 4;
  /** key → since when it waits */
  const waiting = new Map<string, number>();
  const running = new Map<string, Promise<void>>();
  const delayed = createTimetable(add);
  const failures = new Map<string, number>();
  let signal: AbortSignal | undefined;
  let scheduled = false;
  let stopped = false;
  let turnBegan: number | undefined;
  let postponed = false;

  function add(key: string): void {
    if (stopped) return;
    if (!waiting.has(key)) waiting.set(key, performance.now());
    // Not at once: a burst of adds in one go is one run.
    if (!scheduled) queueMicrotask(dispatch);
    scheduled = true;
  }

  function addAfter(key: string, delayMs: number): void {
    if (stopped) return;
    if (delayMs <= 0) {
      add(key);
      return;
    }
    delayed.set(key, performance.now() + delayMs);
  }

  function dispatch(): void {
    scheduled = false;
    if (signal !== undefined && !signal.aborted && !stopped) {
      for (const [key, since] of waiting) {
        if (running.size >= concurrency) break;
        if (isTurnOver()) {
          postponed = true;
          break;
        }
        // A running key stays in `waiting` and is taken when its run has ended: never two runs of one key.
        if (running.has(key)) continue;
        waiting.delete(key);
        const run = { since, signal };
        running.set(
          key,
          Promise.resolve().then(() => handle(key, run)),
        );
      }
    }
    o.metrics?.depth(waiting.size);
  }

  function isTurnOver(): boolean {
    const now = performance.now();
    if (turnBegan === undefined) {
      turnBegan = now;
      setImmediate(() => {
        turnBegan = undefined;
        if (!postponed) return;
        postponed = false;
        dispatch();
      });
    }
    return now - turnBegan > turnMs;
  }

  async function handle(key: string, run: { since: number; signal: AbortSignal }): Promise<void> {
    const startedAt = performance.now();
    let failed = false;
    try {
      const result = await o.reconcile(key, run.signal);
      failures.delete(key);
      if (result !== undefined) addAfter(key, result.requeueAfterMs);
    } catch (err) {
      failed = true;
      retryLater(key, { err, aborted: run.signal.aborted });
    } finally {
      const seconds = (ms: number) => ms / 1000;
      const queuedSeconds = seconds(startedAt - run.since);
      o.metrics?.done({ queuedSeconds, handledSeconds: seconds(performance.now() - startedAt), failed });
      running.delete(key);
      dispatch();
    }
  }

  function retryLater(key: string, run: { err: unknown; aborted: boolean }): void {
    if (stopped || run.aborted) return;
    const attempt = (failures.get(key) ?? 0) + 1;
    failures.set(key, attempt);
    const backOff = { firstDelayMs: o.baseDelayMs ?? 200, maxDelayMs: o.maxDelayMs ?? 60_000 };
    const asked = isKubeError(run.err) ? (run.err.retryAfterMs ?? 0) : 0;
    const delayMs = Math.max(backOffMs(attempt, backOff), asked);
    // Losing a race to another writer is how optimistic locking works: look again, nothing to report.
    const level = isKubeError(run.err, "conflict") ? "debug" : "warn";
    o.log[level]({ key, attempt, delayMs: Math.round(delayMs), err: run.err }, "reconcile failed, trying again");
    o.metrics?.retry();
    addAfter(key, delayMs);
  }

  return {
    name: "work queue",
    start(startSignal) {
      signal = startSignal;
      dispatch();
    },
    async stop() {
      stopped = true;
      delayed.clear();
      waiting.clear();
      await Promise.all(running.values());
    },
    add,
    addAfter,
    async finished(isAmong) {
      await Promise.all([...running].flatMap(([key, run]) => (isAmong(key) ? [run] : [])));
    },
    depth: () => waiting.size,
  };
}
