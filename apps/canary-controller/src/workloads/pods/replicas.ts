// Workloads whose size is spec.replicas.
import type { PodWorkload } from "./pod-kind.ts";

/** What spec.replicas asks for; absent is 1. */
export function replicasOf({ spec }: PodWorkload): number {
  return spec.replicas ?? 1;
}

/** Touches `spec.replicas` and nothing else: every other field of the target is the user's. */
export function scaleReplicas(workload: PodWorkload, replicas: number): object | undefined {
  return replicasOf(workload) === replicas ? undefined : { spec: { replicas } };
}

/** Replicas of a target that is to be scaled up: what it has, else the autoscaler's minimum, else the primary's. */
export function replicasFromZero(o: {
  current: number;
  autoscalerMinimum: number | undefined;
  hasAutoscaler: boolean;
  primary: number;
}): number {
  if (o.current > 0) return o.current;
  if (o.hasAutoscaler) return Math.max(o.autoscalerMinimum ?? 1, 1);
  return Math.max(o.primary, 1);
}
