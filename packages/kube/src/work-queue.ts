import type { Log } from "./client.ts";

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

export interface WorkQueueMetrics {
  depth(value: number): void;
  /** `queued` and `handled` are seconds. */
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
  /** The earliest of several times wins; `add` wins over all. */
  addAfter(key: string, delayMs: number): void;
  /** Waiting keys, without those that wait for a time. */
  depth(): number;
}

export declare function createWorkQueue(o: WorkQueueOptions): WorkQueue;
