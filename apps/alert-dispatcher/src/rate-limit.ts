import type { Clock } from "@burgee/service-kit";

export interface Rate {
  /** So many at once after a quiet time. */
  readonly burst: number;
  /** Then one in every interval. */
  readonly intervalMs: number;
}

/** Spaces the posts to each receiver and keeps away from one that asked for it. */
export interface RateLimit {
  /** Takes the next turn at this receiver: how many milliseconds from now it is. */
  reserve(key: string, rate: Rate): number;
  /** No turn for this receiver before so many milliseconds are over. */
  pause(key: string, ms: number): void;
}

const maxReceivers = 10_000;

/** Nothing was posted yet. */
export function createRateLimit(clock: Clock): RateLimit {
  /** When the next post would be due if posts came evenly; in the past by up to the burst. */
  const due = new Map<string, number>();
  return {
    reserve(key, { burst, intervalMs }) {
      const now = clock.now();
      const at = Math.max(due.get(key) ?? 0, now - (burst - 1) * intervalMs);
      due.delete(key);
      due.set(key, at + intervalMs);
      forgetOldest(due);
      return Math.max(0, at - now);
    },
    pause(key, ms) {
      due.set(key, Math.max(due.get(key) ?? 0, clock.now() + ms));
    },
  };
}

function forgetOldest(due: Map<string, number>): void {
  const [oldest] = due.keys();
  if (due.size > maxReceivers && oldest !== undefined) due.delete(oldest);
}
