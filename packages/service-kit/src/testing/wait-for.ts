import { setTimeout as delay } from "node:timers/promises";

export interface WaitOptions {
  /** Default 5 000. */
  readonly timeoutMs?: number;
  /** Time between two looks. Default 10. */
  readonly intervalMs?: number;
  /** What was seen instead: shown when the time is up. */
  readonly describe?: () => unknown;
}

type Truthy<T> = Exclude<T, false | 0 | "" | null | undefined>;

/** Looks until the condition gives something truthy and resolves with it. Rejects after the deadline, saying what was seen instead. */
export async function waitFor<T>(condition: () => T | Promise<T>, o: WaitOptions = {}): Promise<Truthy<T>> {
  const { timeoutMs = 5_000, intervalMs = 10, describe } = o;
  const deadline = performance.now() + timeoutMs;
  let seen: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (isTruthy(value)) return value;
      seen = value;
    } catch (error) {
      // A condition may look at something that is not there yet; the last failure is shown at the deadline.
      seen = error;
    }
    if (performance.now() >= deadline) break;
    await delay(intervalMs);
  }
  const shown = describe === undefined ? seen : describe();
  throw new Error(
    `nothing after ${timeoutMs} ms; saw ${shown instanceof Error ? shown.message : JSON.stringify(shown)}`,
    {
      cause: seen,
    },
  );
}

function isTruthy<T>(value: T): value is Truthy<T> & T {
  return Boolean(value);
}
