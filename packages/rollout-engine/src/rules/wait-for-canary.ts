import { hold } from "../hold.ts";
import { momentFromMs, msFromMoment } from "../moment.ts";
import { isScalable, type Pass, presentTarget, type Rule, type Step } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { scaleUpEffects } from "../scaling.ts";
import { canaryNotReadyText, targetText } from "../texts.ts";

/**
 * No hook, no check and no step before the canary is up and ready, and was so for `analysis.delay`. A canary without a
 * pod is not ready, whatever its Deployment says of zero replicas.
 */
export const waitForCanary: Rule = {
  name: "waitForCanary",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (target === undefined || !isAnalysing(pass.status.phase)) return undefined;
    const down = target.replicas === 0 && isScalable(pass.spec);
    if (down || pass.seen.autoscaler?.paused === true) return { effects: scaleUpEffects(pass) };
    if (!target.readiness.ready) {
      const { readySince: _since, ...rest } = pass.status;
      const { hint } = target.readiness;
      return hold(pass, canaryNotReadyText(pass.spec, target.readiness), { status: rest, hint });
    }
    return warmUp(pass);
  },
};

function warmUp(pass: Pass): Step | undefined {
  const { seen, spec, status } = pass;
  if (spec.delayMs === 0 || status.opened === true || (status.check ?? 0) > 0) return undefined;
  const readySince = status.readySince ?? momentFromMs(seen.now);
  const end = msFromMoment(readySince) + spec.delayMs;
  const left = end - seen.now;
  if (left <= 0) return undefined;
  return hold(pass, `${targetText(spec)} is ready and warms up until ${momentFromMs(end)}`, {
    as: "Normal",
    status: { ...status, readySince },
    recheckAfterMs: Math.min(left, spec.delayMs),
    hint: `nothing to do: analysis.delay is ${Math.round(spec.delayMs / 1000)}s`,
  });
}
