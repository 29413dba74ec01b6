import { hold } from "../hold.ts";
import { type Pass, presentPrimary, presentTarget, type Rule } from "../pass.ts";
import { isAnalysing, isIdle } from "../phase.ts";
import { primaryHasCopy } from "../promotion.ts";
import { hasNewRevision } from "../revision.ts";
import { primaryNotReadyText } from "../texts.ts";

/**
 * No run starts and none goes on while the primary, its way back, is not ready. A run without analysis and one after a
 * failed promotion are what mends a primary: they do not wait.
 */
export const waitForPrimary: Rule = {
  name: "waitForPrimary",
  decide(pass) {
    const readiness = presentPrimary(pass.seen)?.readiness;
    if (readiness === undefined || readiness.ready || !needed(pass)) return undefined;
    return hold(pass, primaryNotReadyText(pass.spec, readiness.message), { hint: readiness.hint });
  },
};

function needed(pass: Pass): boolean {
  const { seen, spec, status } = pass;
  const target = presentTarget(seen);
  if (status.phase === "Promoting" || status.phase === "Finalising") {
    // A copy that is still to be made is what may make it ready.
    return primaryHasCopy(pass);
  }
  if (status.promotionFailed === true || spec.skipAnalysis || status.override !== undefined) return false;
  if (isAnalysing(status.phase)) return true;
  if (!isIdle(status.phase) || target === undefined) return false;
  return status.startRequested !== undefined || (hasNewRevision(status, target) && !seen.annotations.skipAnalysis);
}
