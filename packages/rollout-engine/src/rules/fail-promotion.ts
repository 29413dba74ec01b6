import { hooksAfterRun, tickAfterRun } from "../after-run.ts";
import { warn } from "../notice.ts";
import { canaryCanServe, presentPrimary, type Rule } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { primaryHasCopy } from "../promotion.ts";
import { allToCanary, decidedRoutes, routeEffects } from "../routes.ts";
import { targetText } from "../texts.ts";

/** The primary never became ready with the promoted revision: the canary, which passed its analysis, takes all traffic. */
export const failPromotion: Rule = {
  name: "failPromotion",
  decide(pass) {
    const { spec, seen, status } = pass;
    const primary = presentPrimary(seen);
    if (status.phase !== "Promoting" && status.phase !== "Finalising") return undefined;
    if (primary === undefined || primary.readiness.ready || primary.readiness.retriable) return undefined;
    if (!primaryHasCopy(pass)) return undefined;
    const canServe = spec.routed && canaryCanServe(pass);
    const routes = canServe ? allToCanary : decidedRoutes(status);
    const reason = primary.readiness.message;
    const told = warn(pass, status, `Promotion of ${targetText(spec)} failed, primary not ready: ${reason}`, {
      alert: { severity: "error", message: `Promotion failed, primary not ready: ${reason}` },
      phase: "Failed",
    });
    const hooks = hooksAfterRun(spec, "failed");
    const { override: _override, opened: _opened, approvals: _approvals, ...ended } = told;
    return {
      effects: canServe ? routeEffects(pass, allToCanary) : [],
      status: enterPhase(pass, tickAfterRun(pass, ended, hooks), "Failed", {
        promotionFailed: true,
        failedChecks: 0,
        iterations: 0,
        routes,
        canaryWeight: routes.canary,
        ...(status.targetRevision === undefined ? {} : { lastAppliedSpec: status.targetRevision }),
        ...(hooks.length === 0 ? {} : { afterRun: { hooks } }),
      }),
    };
  },
};
