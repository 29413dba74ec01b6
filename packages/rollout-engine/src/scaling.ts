import type { Effect } from "./decision.ts";
import { isScalable, type Pass } from "./pass.ts";

/** Brings the canary's pods up: the autoscaler is let go first, or it would fight over the replicas. */
export function scaleUpEffects(pass: Pass): readonly Effect[] {
  return [...resumeEffects(pass), ...(isScalable(pass.spec) ? [{ kind: "scaleTargetUp" } as const] : [])];
}

/** Takes the canary's pods away, the autoscaler paused first. */
export function scaleDownEffects({ seen, spec }: Pass): readonly Effect[] {
  const pause = seen.autoscaler?.state === "present" && !seen.autoscaler.paused;
  const scale = seen.target.state === "present" && isScalable(spec);
  return [
    ...(pause ? [{ kind: "pauseAutoscaler" } as const] : []),
    ...(scale ? [{ kind: "scaleTargetToZero" } as const] : []),
  ];
}

/** Lets a paused autoscaler go. */
export function resumeEffects({ seen }: Pass): readonly Effect[] {
  return seen.autoscaler?.paused === true ? [{ kind: "resumeAutoscaler" }] : [];
}
