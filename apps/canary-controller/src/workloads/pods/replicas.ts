// Workloads that say in a field of their spec how many pods there are to be.
import { isRecord } from "../record.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";

/** Where that is, from spec on. */
export type ReplicasPath = readonly [string, ...string[]];

/** What a kind is that keeps its size there. Absent is 1. Scaling touches that field alone: every other one of the target is the user's. */
export function countedAt(path: ReplicasPath): Pick<PodKind, "replicasPath" | "replicas" | "scale"> {
  const replicas = ({ spec }: PodWorkload) => replicasAt(spec, path) ?? 1;
  return {
    replicasPath: path,
    replicas,
    scale: (workload, wanted) => (replicas(workload) === wanted ? undefined : { spec: nested({}, path, wanted) }),
  };
}

/** What is written there; undefined when nothing is. */
export function replicasAt(spec: object, path: ReplicasPath): number | undefined {
  const value = path.reduce<unknown>((inner, name) => (isRecord(inner) ? inner[name] : undefined), spec);
  return typeof value === "number" ? value : undefined;
}

/** A spec that says so; undefined says nothing. */
export function withReplicas<T extends object>(spec: T, path: ReplicasPath, replicas: number | undefined): T {
  return { ...spec, ...nested(spec, path, replicas) };
}

function nested(spec: unknown, [name, ...rest]: readonly string[], replicas: number | undefined): object {
  if (name === undefined) return {};
  const inner = isRecord(spec) ? spec[name] : undefined;
  if (rest.length === 0) return { [name]: replicas };
  return { [name]: { ...(isRecord(inner) ? inner : {}), ...nested(inner, rest, replicas) } };
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
