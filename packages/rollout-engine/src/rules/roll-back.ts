import { hooksAfterRun, tickAfterRun } from "../after-run.ts";
import { flagEffects, keptFlags, withFlags } from "../flags.ts";
import { warn } from "../notice.ts";
import type { Pass, Rule, Step } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { allToPrimary, decidedRoutes, routeEffects, routesAre } from "../routes.ts";
import { scaleDownEffects } from "../scaling.ts";
import { failedText } from "../texts.ts";
import type { CanaryStatus } from "../status.ts";

/**
 * Finishes a rollback that was recorded: all traffic to the primary, which is the last good one, then the canary down.
 * Traffic is seen to be back before a flag is withdrawn and a pod goes. After a failed promotion the primary is not good: the canary keeps serving.
 */
export const rollBack: Rule = {
  name: "rollBack",
  decide(pass) {
    if (pass.status.rollback === undefined) return undefined;
    if (pass.status.promotionFailed === true) return { status: failed(pass, decidedRoutes(pass.status).canary) };
    return routesAre(pass, allToPrimary) || pass.seen.routes.state === "missing" ? scaleDown(pass) : routeBack(pass);
  },
};

function routeBack(pass: Pass): Step {
  const status: CanaryStatus = { ...pass.status, routes: allToPrimary, canaryWeight: 0 };
  return { effects: routeEffects(pass, allToPrimary), status };
}

function scaleDown(pass: Pass): Step {
  const told = warn(pass, pass.status, failedText(pass.spec), { phase: "Failed" });
  const kept = keptFlags(pass.status);
  return {
    effects: [...flagEffects(pass, kept), ...scaleDownEffects(pass)],
    status: withFlags(failed({ ...pass, status: told }, 0), kept),
  };
}

function failed(pass: Pass, canaryWeight: number): CanaryStatus {
  const {
    rollback: _rollback,
    override: _override,
    opened: _opened,
    lastPass: _pass,
    paused: _paused,
    approvals: _approvals,
    ...rest
  } = pass.status;
  const { pendingCheck: _check, pendingHook: _hook, readySince: _ready, unknownChecks: _unknown, ...ended } = rest;
  const hooks = hooksAfterRun(pass.spec, pass.status.promotionFailed === true ? "failed" : "rolled-back");
  const changes: Partial<CanaryStatus> = {
    failedChecks: 0,
    canaryWeight,
    iterations: 0,
    ...(ended.targetRevision === undefined ? {} : { lastAppliedSpec: ended.targetRevision }),
    ...(canaryWeight === 0 ? { routes: allToPrimary } : {}),
    ...(hooks.length === 0 ? {} : { afterRun: { hooks } }),
  };
  return enterPhase(pass, tickAfterRun(pass, ended, hooks), "Failed", changes);
}
