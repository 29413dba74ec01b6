/** Limits how many requests go out. */
export interface RateLimit {
  /** Resolves when the request may go out; rejects when the signal aborts. Requests on behalf of the same `of` go in order. */
  take(of: string, signal: AbortSignal): Promise<void>;
}

interface Waiter {
  go(): void;
}

/**
 * A token bucket: `burst` requests at once, then `qps` a second. Those who wait take turns, one request each, so that somebody with many
 * requests makes nobody else wait longer than one turn.
 */
export function createRateLimit(o: { qps: number; burst: number }): RateLimit {
  const spacingMs = 1000 / o.qps;
  /** In the order of their next turns. */
  const waiting = new Map<string, Set<Waiter>>();
  // The moment at which the bucket would be full again; each request pushes it out by one spacing.
  let fullAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const waitMs = () => Math.max(fullAt, performance.now()) + spacingMs - performance.now() - o.burst * spacingMs;
  const spend = () => {
    fullAt = Math.max(fullAt, performance.now()) + spacingMs;
  };

  /** Takes the next one out, and puts whoever it was for at the end when there is more. */
  function next(): Waiter | undefined {
    for (const [of, waiters] of waiting) {
      waiting.delete(of);
      const [first] = waiters;
      if (first !== undefined) waiters.delete(first);
      if (waiters.size > 0) waiting.set(of, waiters);
      if (first !== undefined) return first;
    }
    return undefined;
  }

  /** Lets go whoever may, and comes back when the next one may. */
  function serve(): void {
    timer = undefined;
    while (waitMs() <= 0) {
      const waiter = next();
      if (waiter === undefined) return;
      spend();
      waiter.go();
    }
    timer = setTimeout(serve, Math.ceil(waitMs()));
  }

  return {
    async take(of, signal) {
      signal.throwIfAborted();
      if (waiting.size === 0 && waitMs() <= 0) return spend();
      const turn = Promise.withResolvers<void>();
      const waiter = { go: turn.resolve };
      const waiters = waiting.get(of) ?? new Set<Waiter>();
      waiting.set(of, waiters.add(waiter));
      const giveUp = () => {
        waiters.delete(waiter);
        turn.reject(signal.reason);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      if (timer === undefined) timer = setTimeout(serve, Math.ceil(waitMs()));
      await turn.promise.finally(() => signal.removeEventListener("abort", giveUp));
    },
  };
}
