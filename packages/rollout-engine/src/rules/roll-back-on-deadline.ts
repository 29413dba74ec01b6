import { type Pass, presentPrimary, presentTarget, type Rule } from "../pass.ts";
import { warn } from "../notice.ts";
import { isAnalysing } from "../phase.ts";
import { beginRollback } from "../rollback.ts";
import { leftTheRun } from "../revision.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryNotReadyText, primaryNotReadyText } from "../texts.ts";

/**
 * The canary (or the primary, mid-run) will not become ready: its progress deadline passed. Upstream rolls back without
 * an alert; we send the one that its source meant to send. A newer revision may mend it, so that one goes first.
 */
export const rollBackOnDeadline: Rule = {
  name: "rollBackOnDeadline",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (!isAnalysing(pass.status.phase) || target === undefined || leftTheRun(pass.status, target)) return undefined;
    const message = canaryDeadline(pass) ?? primaryDeadline(pass);
    if (message === undefined) return undefined;
    const alert = { severity: "error", message: `Progress deadline exceeded ${message}` } as const;
    return beginRollback(pass, { cause: "deadline", message, alert }, withLastHint(pass));
  },
};

/** What kept the pods goes away with them: it is told before. */
function withLastHint(pass: Pass): CanaryStatus {
  const { rule, hint } = pass.before.hold ?? {};
  const ofPods = rule === "waitForCanary" || rule === "waitForPrimary";
  return ofPods && hint !== undefined ? warn(pass, pass.status, hint) : pass.status;
}

function canaryDeadline({ seen, spec }: Pass): string | undefined {
  const readiness = presentTarget(seen)?.readiness;
  if (readiness === undefined || readiness.ready || readiness.retriable) return undefined;
  return canaryNotReadyText(spec, readiness);
}

function primaryDeadline({ seen, spec, status }: Pass): string | undefined {
  const readiness = presentPrimary(seen)?.readiness;
  // After a failed promotion the primary is known to be broken, and this run is what mends it; a skipped analysis mends it too.
  if (status.promotionFailed === true || spec.skipAnalysis || status.override !== undefined) return undefined;
  if (readiness === undefined || readiness.ready || readiness.retriable) return undefined;
  return primaryNotReadyText(spec, readiness.message);
}
