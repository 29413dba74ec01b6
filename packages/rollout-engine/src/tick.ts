import { momentFromMs, msFromMoment } from "./moment.ts";
import type { Pass } from "./pass.ts";
import type { CanaryStatus, CheckResult } from "./status.ts";

/** True while a tick has begun and not ended. */
export function tickIsOpen(status: CanaryStatus): boolean {
  return status.tick !== undefined && status.tick.finishedAt === undefined;
}

/**
 * Milliseconds until the next tick may begin; 0 = now. Ticks begin an interval apart. One that took longer than the
 * interval starts the rhythm anew at its end: its step must be exposed to traffic for a whole interval before it is judged.
 */
export function msUntilTick(pass: Pass, status: CanaryStatus): number {
  const tick = status.tick;
  if (tick === undefined) return 0;
  const started = msFromMoment(tick.startedAt);
  const finished = tick.finishedAt === undefined ? started : msFromMoment(tick.finishedAt);
  const { intervalMs } = pass.spec;
  const due = finished - started > intervalMs ? finished + intervalMs : started + intervalMs;
  // A clock that was set back must not stop a rollout for longer than one interval.
  return Math.max(0, Math.min(due - pass.seen.now, intervalMs));
}

/** Opens the next tick. */
export function beginTick(pass: Pass, status: CanaryStatus): CanaryStatus {
  const { pendingHook: _hook, ...rest } = status;
  return { ...rest, tick: { number: (status.tick?.number ?? 0) + 1, startedAt: momentFromMs(pass.seen.now) } };
}

/** Ends the open tick. */
export function finishTick(pass: Pass, status: CanaryStatus, result?: CheckResult): CanaryStatus {
  if (status.tick === undefined) return status;
  const { hooksDone: _done, ...tick } = status.tick;
  return {
    ...status,
    tick: { ...tick, finishedAt: momentFromMs(pass.seen.now), ...(result === undefined ? {} : { result }) },
  };
}
