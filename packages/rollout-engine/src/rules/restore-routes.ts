import { canaryCanServe, primaryCanServe, type Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { decidedRoutes, routeEffects, routesAre } from "../routes.ts";

/**
 * The routers are held to the split that was decided: somebody changed them, or a crash came between a step and its
 * record. Traffic is pointed only at what can serve.
 */
export const restoreRoutes: Rule = {
  name: "restoreRoutes",
  decide(pass) {
    const { seen, status } = pass;
    // Without a decided split (a run taken over from upstream) the routers know better.
    if (!pass.spec.routed || status.routes === undefined) {
      return isAnalysing(status.phase) && pass.spec.routed ? adopt(pass) : undefined;
    }
    const wanted = decidedRoutes(status);
    if (routesAre(pass, wanted)) return undefined;
    if (wanted.canary > 0 && !canaryCanServe(pass)) return undefined;
    if (wanted.primary > 0 && !primaryCanServe(seen)) return undefined;
    return { effects: routeEffects(pass, wanted) };
  },
};

function adopt({ seen, status }: Parameters<Rule["decide"]>[0]): ReturnType<Rule["decide"]> {
  const { primary, canary, mirrored } = seen.routes;
  return { status: { ...status, routes: { primary, canary, mirrored }, canaryWeight: canary } };
}
