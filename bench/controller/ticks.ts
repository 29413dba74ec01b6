// When canaries tick, as anybody sees it who watches them.
import { createInformer, type KubeClient, type Log } from "@burgee/kube";
import { canaries, intervalMs } from "./canaries.ts";

/** Follows all canaries. */
export interface Ticks {
  /** Resolves when so many canaries are in the phase; rejects after `deadlineMs`. */
  phase(phase: string, count: number, deadlineMs: number): Promise<void>;
  /** Resolves when no canary has anything left to tell; rejects after `deadlineMs`. */
  told(deadlineMs: number): Promise<void>;
  /** How late each step since the last call came after the one before it, in milliseconds beyond the interval. */
  lateness(): number[];
  stop(): Promise<void>;
}

export async function followTicks(client: KubeClient, log: Log): Promise<Ticks> {
  const informer = createInformer(client, canaries, { log, withoutManagedFields: true });
  const phases = new Map<string, string>();
  const counts = new Map<string, number>();
  const untold = new Set<string>();
  const steps = new Map<string, { weight: number; at: number }>();
  let late: number[] = [];
  let onChange: () => void = () => undefined;
  informer.on(({ object }) => {
    const { name } = object.metadata;
    const { phase = "", canaryWeight: weight = 0, announcements = [] } = object.status ?? {};
    if (announcements.length > 0) untold.add(name);
    else untold.delete(name);
    const known = phases.get(name);
    if (known !== phase) {
      phases.set(name, phase);
      if (known !== undefined) counts.set(known, (counts.get(known) ?? 0) - 1);
      counts.set(phase, (counts.get(phase) ?? 0) + 1);
    }
    onChange();
    const step = steps.get(name);
    if (step?.weight === weight) return;
    const at = performance.now();
    steps.set(name, { weight, at });
    // The first step follows the start of the rollout, not another tick.
    if (step !== undefined && step.weight > 0) late.push(Math.max(0, at - step.at - intervalMs));
  });
  informer.start(new AbortController().signal);
  await informer.synced;

  function until(isSo: () => boolean, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        reject(
          new Error(`after ${deadlineMs} ms ${untold.size} canaries have something to tell; phases: ${[...counts]}`),
        );
      }, deadlineMs);
      onChange = () => {
        if (!isSo()) return;
        clearTimeout(deadline);
        resolve();
      };
      onChange();
    });
  }

  return {
    phase: (phase, count, deadlineMs) => until(() => (counts.get(phase) ?? 0) >= count, deadlineMs),
    told: (deadlineMs) => until(() => untold.size === 0, deadlineMs),
    lateness() {
      const since = late;
      late = [];
      return since;
    },
    stop: () => informer.stop(),
  };
}
