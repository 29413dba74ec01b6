import { setTimeout as delay } from "node:timers/promises";

/** Looks until `check` gives a value; throws after the deadline with what `seen` shows. */
export async function waitFor<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  { timeoutMs = 120_000, seen = () => "nothing" }: { timeoutMs?: number; seen?: () => string } = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s for ${what}; seen:\n${seen()}`);
    await delay(50);
  }
}
