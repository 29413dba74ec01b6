/** A signal that aborts when the caller's does or when the time is over, and tells which of them it was. */
export interface Deadline {
  readonly signal: AbortSignal;
  timedOut(): boolean;
  remainingMs(): number;
  /** Stops the clock; the caller's signal still counts. */
  stopClock(): void;
  /** Lets go of the timer and of the caller's signal. Always call it. */
  release(): void;
}

export function startDeadline(timeoutMs: number, parent: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const endsAt = performance.now() + timeoutMs;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, timeoutMs);
  const onParent = () => controller.abort();
  if (parent?.aborted) controller.abort();
  else parent?.addEventListener("abort", onParent, { once: true });
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    remainingMs: () => endsAt - performance.now(),
    stopClock: () => clearTimeout(timer),
    release() {
      clearTimeout(timer);
      parent?.removeEventListener("abort", onParent);
    },
  };
}
