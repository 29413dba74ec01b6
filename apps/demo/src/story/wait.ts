import { setTimeout as delay } from "node:timers/promises";

/** The story did not go as it must: the message says what was awaited and what was seen instead. */
export class StoryError extends Error {}

/**
 * Waits until `check` gives a value. `seen` describes the present state for the error.
 * Throws StoryError after `timeoutMs`, and the signal's reason when it aborts.
 */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs, seen, signal }: { timeoutMs: number; seen: () => string; signal: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new StoryError(`waited ${timeoutMs / 1000} s for ${what}; seen: ${seen()}`);
    await delay(100, undefined, { signal });
  }
}
