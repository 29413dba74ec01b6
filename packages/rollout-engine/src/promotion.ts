import { say } from "./notice.ts";
import type { Pass } from "./pass.ts";
import { enterPhase } from "./phase.ts";
import type { CanaryStatus } from "./status.ts";
import { primaryText, targetText } from "./texts.ts";
import { finishTick, tickIsOpen } from "./tick.ts";

/** True when this revision may be promoted: its analysis passed in this run, or the user asked for this very revision. */
export function mayPromote(status: CanaryStatus): boolean {
  const { lastPass, override, targetRevision } = status;
  if (targetRevision === undefined) return false;
  if (override?.revision === targetRevision) return true;
  return lastPass?.run === status.run && lastPass?.revision === targetRevision;
}

/** Records that the revision is to be promoted. The copy is made by the next pass, however often it takes. */
export function beginPromotion(pass: Pass, status: CanaryStatus, by: { readonly actor?: string } = {}): CanaryStatus {
  const { pendingCheck: _check, pendingHook: _hook, approvals: _approvals, paused: _paused, ...rest } = status;
  const ended = tickIsOpen(rest) ? finishTick(pass, rest) : rest;
  const told = say(
    pass,
    ended,
    `Copying ${targetText(pass.spec)} template spec to ${primaryText(pass.spec)}`,
    by.actor === undefined ? {} : { actor: by.actor },
  );
  return enterPhase(pass, told, "Promoting");
}
