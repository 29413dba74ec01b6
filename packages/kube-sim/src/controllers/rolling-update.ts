import { at, numberAt, objectAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";

/** What a rolling update knows of one ReplicaSet. */
export interface SetState {
  name: string;
  /** Replicas it asks for. */
  desired: number;
  available: number;
}

/** How far a rolling update may go at a time. */
export interface RolloutLimits {
  replicas: number;
  maxSurge: number;
  maxUnavailable: number;
}

/** Numbers or percentages of the replicas: surge is rounded up, unavailability down, and not both may be zero. */
export function limitsOf(deployment: KubeObject): RolloutLimits {
  const replicas = numberAt(deployment, "spec", "replicas") ?? 1;
  if (stringAt(deployment, "spec", "strategy", "type") === "Recreate") {
    return { replicas, maxSurge: 0, maxUnavailable: replicas };
  }
  const rolling = objectAt(deployment, "spec", "strategy", "rollingUpdate");
  const maxSurge = Math.ceil(amount(at(rolling, "maxSurge") ?? "25%", replicas));
  const maxUnavailable = Math.floor(amount(at(rolling, "maxUnavailable") ?? "25%", replicas));
  const stuck = maxSurge === 0 && maxUnavailable === 0;
  return { replicas, maxSurge, maxUnavailable: stuck ? 1 : Math.min(maxUnavailable, replicas) };
}

/** A number, or a percentage of a whole. */
export function amount(value: unknown, whole: number): number {
  if (typeof value === "string" && value.endsWith("%")) return (Number(value.slice(0, -1)) * whole) / 100;
  return Number(value);
}

/**
 * The next step of a rolling update: how many replicas each set should ask for now. New pods come as far as the
 * surge allows, old ones go as far as enough stay available; old pods that are not available go first.
 */
export function nextStep(fresh: SetState, old: readonly SetState[], limits: RolloutLimits): Map<string, number> {
  const { replicas, maxSurge, maxUnavailable } = limits;
  const step = new Map<string, number>();
  const total = fresh.desired + old.reduce((sum, set) => sum + set.desired, 0);
  const room = Math.max(0, replicas + maxSurge - total);
  const grown = Math.min(replicas, fresh.desired + room);
  if (grown !== fresh.desired) step.set(fresh.name, grown);
  const missing = Math.max(0, fresh.desired - fresh.available);
  let spare = total - (replicas - maxUnavailable) - missing;
  const left = new Map(old.map((set) => [set.name, set.desired]));
  const take = (set: SetState, most: number) => {
    const gone = Math.min(spare, most, left.get(set.name) ?? 0);
    if (gone <= 0) return;
    left.set(set.name, (left.get(set.name) ?? 0) - gone);
    spare -= gone;
  };
  for (const set of old) take(set, set.desired - set.available);
  const available = fresh.available + old.reduce((sum, set) => sum + set.available, 0);
  spare = Math.min(spare, available - (replicas - maxUnavailable));
  for (const set of old) take(set, set.desired);
  for (const set of old) {
    const next = left.get(set.name) ?? 0;
    if (next !== set.desired) step.set(set.name, next);
  }
  return step;
}

/** The replicas of a deployment that is paused, or whose size changed, spread over its sets in proportion. */
export function proportionally(sets: readonly SetState[], size: number): Map<string, number> {
  const total = sets.reduce((sum, set) => sum + set.desired, 0);
  const result = new Map<string, number>();
  if (total === 0 || total === size) return result;
  let rest = size;
  sets.forEach((set, index) => {
    const share = index === sets.length - 1 ? rest : Math.min(rest, Math.round((set.desired * size) / total));
    rest -= share;
    if (share !== set.desired) result.set(set.name, share);
  });
  return result;
}
