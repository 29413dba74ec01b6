import type { RolloutSpec } from "../rollout-spec.ts";

/** By how much the canary weight grows from here (percent). Upstream's rule: stepWeight wins over the list. */
export function stepFrom(spec: Pick<RolloutSpec, "stepWeight" | "stepWeights">, weight: number): number {
  const steps = spec.stepWeights;
  const first = steps[0];
  if (spec.stepWeight > 0 || first === undefined) return spec.stepWeight;
  if (weight === 100) return 1;
  if (weight === 0) return Math.min(100, first);
  const index = steps.indexOf(weight);
  const next = index < 0 ? undefined : steps[index + 1];
  // The last step, or a weight that is not in the list: all the way.
  return next === undefined ? 100 - weight : Math.min(next - weight, 100 - weight);
}
