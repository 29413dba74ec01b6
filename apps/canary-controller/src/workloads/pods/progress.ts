// What kinds say of a rollout that is under way.
import type { Readiness } from "@burgee/rollout-engine";
import type { PodWorkload, ReadinessLimits } from "./pod-kind.ts";

type NotReady = Extract<Readiness, { ready: false }>;

/** Not ready, and there is still hope. */
export function waiting(detail: string): NotReady {
  return { ready: false, retriable: true, message: `waiting for rollout to finish: ${detail}` };
}

/** Waiting while the cluster has not seen the newest version of the object. */
export function unobserved({ metadata, status }: PodWorkload, kind: string): NotReady | undefined {
  if ((metadata.generation ?? 0) <= Number(status?.observedGeneration ?? 0)) return undefined;
  return waiting(`observed ${kind} generation less than desired generation`);
}

/** Not ready; without hope once the progress deadline has passed since the Canary's last step. */
export function notYet(detail: string, { since, progressDeadlineMs, now }: ReadinessLimits): NotReady {
  if (since === undefined || since + progressDeadlineMs >= now) return waiting(detail);
  const message = `exceeded its progressDeadlineSeconds: ${progressDeadlineMs / 1000}`;
  return { ready: false, retriable: false, message };
}

/**
 * How many pods must be available: one at least, whatever the threshold says, because traffic follows. Upstream computes in 32-bit floats;
 * the truncation differs at the edges otherwise.
 */
export function neededAvailable(pods: number, thresholdPercent: number): number {
  const share = Math.trunc(Math.fround(Math.fround(pods) * Math.fround(thresholdPercent / 100)));
  return Math.max(Math.min(pods, 1), share);
}
