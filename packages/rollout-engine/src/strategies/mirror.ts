import type { RolloutSpec } from "../rollout-spec.ts";
import { mirroredRoutes } from "../routes.ts";
import type { Routes } from "../status.ts";

/** Mirroring begins with the share that the spec names. */
export function startMirror(spec: RolloutSpec): Routes {
  return mirroredRoutes(spec, spec.mirrorWeight);
}

/** A larger share, or undefined when it does not grow (any more). */
export function growMirror(spec: RolloutSpec, routes: Routes): Routes | undefined {
  const now = routes.mirrorWeight;
  if (spec.mirrorStepWeight === 0 || now === undefined || now >= spec.maxMirrorWeight) return undefined;
  return mirroredRoutes(spec, now + spec.mirrorStepWeight);
}
