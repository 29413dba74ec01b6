import { setTimeout as delay } from "node:timers/promises";

/** How long and how often something is tried. Delays double, in milliseconds. */
export interface RetryOptions {
  /** Ends the waiting: the promise then rejects with its reason. */
  readonly signal?: AbortSignal;
  /** Default 200. */
  readonly firstDelayMs?: number;
  /** Default 30 000. */
  readonly maxDelayMs?: number;
  /** Default: until it works or the signal aborts. */
  readonly attempts?: number;
  /** Return exactly false to give up: the error is then thrown. `attempt` counts from 1. */
  readonly onRetry?: (error: unknown, attempt: number, delayMs: number) => unknown;
  /** 0 ≤ n < 1, to spread the delays. */
  readonly random?: () => number;
}

/** The delay before attempt `attempt + 1`: doubling from the first to the largest, then spread over its upper half. */
export function backOffMs(
  attempt: number,
  o: Pick<RetryOptions, "firstDelayMs" | "maxDelayMs" | "random"> = {},
): number {
  const { firstDelayMs = 200, maxDelayMs = 30_000, random = Math.random } = o;
  const full = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(attempt - 1, 40));
  return full / 2 + (random() * full) / 2;
}

/** Calls `fn` until it resolves. Rejects with its last error when the attempts are used up, or with the signal's reason. */
export async function retry<T>(fn: (attempt: number) => Promise<T>, o: RetryOptions = {}): Promise<T> {
  const { signal, attempts = Infinity, onRetry } = o;
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await fn(attempt);
    } catch (error) {
      signal?.throwIfAborted();
      if (attempt >= attempts) throw error;
      const delayMs = backOffMs(attempt, o);
      if (onRetry?.(error, attempt, delayMs) === false) throw error;
      await sleep(delayMs, signal);
    }
  }
}

/** Resolves after so many milliseconds. Rejects with the signal's reason as soon as it aborts. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Resolves at this epoch millisecond, at once when it has passed. Rejects with the signal's reason. */
export async function sleepUntil(ms: number, signal?: AbortSignal): Promise<void> {
  // setTimeout cannot wait longer than 2^31-1 ms.
  for (let left = ms - Date.now(); left > 0; left = ms - Date.now()) await sleep(Math.min(left, 2_147_483_647), signal);
}
