import { hold } from "../hold.ts";
import type { Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";

/** The router objects are as the spec says, in every phase; their weights are another rule's. */
export const repairRouters: Rule = {
  name: "repairRouters",
  decide(pass) {
    const { routes } = pass.seen;
    if (!pass.spec.routed) return undefined;
    if (routes.state === "error") {
      return hold(pass, routes.message ?? "routes cannot be read", { hint: routes.hint });
    }
    if (routes.state === "missing" || routes.drifted) return { effects: [{ kind: "reconcileRoutes" }] };
    if (routes.problem === undefined || !isAnalysing(pass.status.phase)) return undefined;
    return hold(pass, routes.problem, { hint: routes.hint });
  },
};
