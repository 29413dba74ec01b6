import { say } from "../notice.ts";
import { type Pass, primaryCanServe, type Rule, type Step } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { allToPrimary, decidedRoutes, routeEffects } from "../routes.ts";
import type { CanaryStatus, Routes } from "../status.ts";
import { canaryText } from "../texts.ts";
import { beginTick, finishTick, msUntilTick } from "../tick.ts";

/** The primary runs the promoted revision and is ready: it takes its traffic back, at once or step by step. */
export const routeBackToPrimary: Rule = {
  name: "routeBackToPrimary",
  decide(pass) {
    const { seen, spec, status } = pass;
    if (status.phase !== "Promoting" || !primaryCanServe(seen)) return undefined;
    const from = decidedRoutes(status);
    if (!spec.routed) return { status: finalising(pass, status) };
    if (spec.stepWeightPromotion === 0 || status.override !== undefined || from.canary === 0) {
      const told = say(pass, status, "Routing all traffic to primary");
      return { effects: routeEffects(pass, allToPrimary), status: finalising(pass, told) };
    }
    return stepBack(pass, from);
  },
};

function stepBack(pass: Pass, from: Routes): Step {
  const { spec, status } = pass;
  // The first step comes as soon as the primary is ready, the others an interval apart.
  const stepping = status.tick?.result === undefined && status.tick !== undefined;
  const wait = stepping ? msUntilTick(pass, status) : 0;
  if (wait > 0) return { recheckAfterMs: wait };
  const canary = Math.max(0, from.canary - spec.stepWeightPromotion);
  const routes: Routes = { primary: 100 - canary, canary, mirrored: false };
  const told = say(pass, status, `Advance ${canaryText(spec)} primary weight ${routes.primary}`);
  const effects = routeEffects(pass, routes);
  if (canary === 0) return { effects, status: finalising(pass, told) };
  return { effects, status: finishTick(pass, beginTick(pass, { ...told, routes, canaryWeight: canary })) };
}

/** The interval that passes before the canary is scaled down begins now: the routers need time to drain it. */
function finalising(pass: Pass, status: CanaryStatus): CanaryStatus {
  const entered = enterPhase(pass, status, "Finalising", { routes: allToPrimary, canaryWeight: 0, iterations: 0 });
  return finishTick(pass, beginTick(pass, entered));
}
