import { say } from "./notice.ts";
import { type Pass, presentPrimary } from "./pass.ts";
import { enterPhase, isAnalysing } from "./phase.ts";
import { releaseOf } from "./revision.ts";
import type { CanaryStatus } from "./status.ts";
import { promotionText } from "./texts.ts";
import { finishTick, tickIsOpen } from "./tick.ts";

/** True when this revision may be promoted: its analysis passed in this run, or the user asked for this very revision. */
export function mayPromote(status: CanaryStatus): boolean {
  const { lastPass, override, targetRevision } = status;
  if (targetRevision === undefined) return false;
  if (override?.revision === targetRevision) return true;
  return lastPass?.run === status.run && lastPass?.revision === targetRevision;
}

/** The release that this run analyses, and that a promotion copies. */
export function releaseOfRun(status: CanaryStatus): string {
  return releaseOf(status.targetRevision ?? "", status.trackedConfigs);
}

/** True when the primary already runs what this run analyses. */
export function primaryHasCopy({ seen, status }: Pick<Pass, "seen" | "status">): boolean {
  return presentPrimary(seen)?.release === releaseOfRun(status);
}

/** True while a run can still be called off: nothing of it is on the primary. */
export function canBeCalledOff(pass: Pick<Pass, "seen" | "status">): boolean {
  const { phase } = pass.status;
  return isAnalysing(phase) || (phase === "Promoting" && !primaryHasCopy(pass));
}

/** Records that the revision is to be promoted. The copy is made by the next pass, however often it takes. */
export function beginPromotion(pass: Pass, status: CanaryStatus, by: { readonly actor?: string } = {}): CanaryStatus {
  const { pendingCheck: _check, pendingHook: _hook, approvals: _approvals, paused: _paused, ...rest } = status;
  const ended = tickIsOpen(rest) ? finishTick(pass, rest) : rest;
  const told = say(pass, ended, promotionText(pass.spec), by.actor === undefined ? {} : { actor: by.actor });
  return enterPhase(pass, told, "Promoting");
}
