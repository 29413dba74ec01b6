import { numberAt, objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";

/** Whether the pod's condition Ready is true. */
export function isReady(pod: KubeObject): boolean {
  return conditionStatus(pod, "Ready") === "True";
}

/** Ready for at least that long. `inMs`: when it will be, if it stays ready. */
export function availability(
  pod: KubeObject,
  minReadySeconds: number,
  now: number,
): { available: boolean; inMs?: number } {
  if (!isReady(pod)) return { available: false };
  if (minReadySeconds === 0) return { available: true };
  const since = objectsAt(pod, "status", "conditions").find(
    (condition) => condition.type === "Ready",
  )?.lastTransitionTime;
  const waitMs = Date.parse(String(since)) + minReadySeconds * 1000 - now;
  return waitMs <= 0 ? { available: true } : { available: false, inMs: waitMs };
}

function conditionStatus(object: KubeObject, type: string): string | undefined {
  return stringAt(
    objectsAt(object, "status", "conditions").find((condition) => condition.type === type),
    "status",
  );
}

/** Runs or will run: not ended and not being deleted. */
export function isActive(pod: KubeObject): boolean {
  const phase = stringAt(pod, "status", "phase");
  return phase !== "Succeeded" && phase !== "Failed" && pod.metadata.deletionTimestamp === undefined;
}

/** How long a pod has to be ready before it counts as available, in seconds. */
export function minReadySecondsOf(workload: KubeObject): number {
  return numberAt(workload, "spec", "minReadySeconds") ?? 0;
}

/**
 * A condition list with one condition set; its transition time changes only when its status does, its update time
 * when anything does or with `touch`.
 */
export function withCondition(
  conditions: readonly Record<string, unknown>[],
  { touch = false, ...wanted }: { type: string; status: string; reason: string; message: string; touch?: boolean },
  now: string,
): Record<string, unknown>[] {
  const old = conditions.find((condition) => condition.type === wanted.type);
  const same = old?.status === wanted.status && old?.reason === wanted.reason && old?.message === wanted.message;
  const lastTransitionTime = old?.status === wanted.status ? old.lastTransitionTime : now;
  const lastUpdateTime = same && !touch ? old?.lastUpdateTime : now;
  const made = { ...wanted, lastUpdateTime, lastTransitionTime };
  return old ? conditions.map((condition) => (condition === old ? made : condition)) : [...conditions, made];
}
