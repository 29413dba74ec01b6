/** Wakes one waiting loop. Ringing it while nobody waits is remembered once. */
export interface Bell {
  readonly ring: () => void;
  /** True when it has rung since the last time, false when `ms` are over before it does. */
  heard(ms?: number): Promise<boolean>;
  /** No longer rings for the signals. */
  close(): void;
}

/** A bell that also rings when one of the signals is aborted. */
export function createBell(signals: readonly (AbortSignal | undefined)[]): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  for (const signal of signals) signal?.addEventListener("abort", ring, { once: true });
  return {
    ring,
    async heard(ms) {
      if (!rung) {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
        await promise;
        clearTimeout(timer);
        wake = undefined;
      }
      const heard = rung;
      rung = false;
      return heard;
    },
    close() {
      for (const signal of signals) signal?.removeEventListener("abort", ring);
    },
  };
}
