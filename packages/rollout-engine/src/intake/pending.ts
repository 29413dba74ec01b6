import type { Pass } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import type { CanaryStatus } from "../status.ts";

/** Drops questions that nobody needs an answer to any more: the spec or the phase changed since they were asked. */
export function dropStaleQuestions({ spec }: Pass, status: CanaryStatus): CanaryStatus {
  const { pendingCheck, pendingHook, ...rest } = status;
  const keepCheck =
    pendingCheck !== undefined &&
    isAnalysing(status.phase) &&
    pendingCheck.run === status.run &&
    pendingCheck.specHash === spec.specHash;
  const keepHook =
    pendingHook !== undefined &&
    spec.hooks.some((hook) => hook.id === pendingHook.id && hook.type === pendingHook.type);
  if (keepCheck === (pendingCheck !== undefined) && keepHook === (pendingHook !== undefined)) return status;
  return { ...rest, ...(keepCheck ? { pendingCheck } : {}), ...(keepHook ? { pendingHook } : {}) };
}
