import { momentFromMs } from "./moment.ts";
import type { CanaryStatus, Condition } from "./status.ts";

/** Sets one condition; times move only when status or reason change. `Promoted` is kept first. */
export function withCondition(
  status: CanaryStatus,
  wanted: Pick<Condition, "type" | "status" | "reason"> & { message: string },
  now: number,
): CanaryStatus {
  const old = status.conditions?.find((c) => c.type === wanted.type);
  if (old?.status === wanted.status && old.reason === wanted.reason && old.message === wanted.message) return status;
  const moment = momentFromMs(now);
  const same = old?.status === wanted.status && old.reason === wanted.reason;
  const next: Condition = {
    ...wanted,
    lastUpdateTime: same && old?.lastUpdateTime !== undefined ? old.lastUpdateTime : moment,
    lastTransitionTime:
      old?.status === wanted.status && old.lastTransitionTime !== undefined ? old.lastTransitionTime : moment,
  };
  const others = (status.conditions ?? []).filter((c) => c.type !== wanted.type);
  const first = next.type === "Promoted" ? [next] : others.filter((c) => c.type === "Promoted");
  const rest = others.filter((c) => c.type !== "Promoted");
  return { ...status, conditions: [...first, ...rest, ...(next.type === "Promoted" ? [] : [next])] };
}

/** True when the condition is there with status True. */
export function conditionIsTrue(status: CanaryStatus, type: string): boolean {
  return status.conditions?.some((c) => c.type === type && c.status === "True") ?? false;
}
