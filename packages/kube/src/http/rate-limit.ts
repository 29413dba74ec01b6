import { sleep } from "@burgee/service-kit";

/** A token bucket: `burst` requests at once, then `qps` a second, in the order they asked. */
export function createRateLimit(o: { qps: number; burst: number; monotonic?: () => number }) {
  const now = o.monotonic ?? (() => performance.now());
  const spacingMs = 1000 / o.qps;
  // The moment at which the bucket would be full again; each request pushes it out by one spacing.
  let fullAt = now();
  return {
    /** Resolves when the request may go out; rejects when the signal aborts. */
    async take(signal: AbortSignal): Promise<void> {
      const at = now();
      fullAt = Math.max(fullAt, at) + spacingMs;
      const waitMs = fullAt - at - o.burst * spacingMs;
      if (waitMs > 0) await sleep(waitMs, signal);
    },
  };
}
