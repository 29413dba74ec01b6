import { hold } from "../hold.ts";
import type { Rule } from "../pass.ts";

/** The router objects are as the spec says, in every phase; their weights are another rule's. */
export const repairRouters: Rule = {
  name: "repairRouters",
  decide(pass) {
    const { routes } = pass.seen;
    if (!pass.spec.routed) return undefined;
    if (routes.state === "error") {
      return hold(pass, routes.message ?? "routes cannot be read", { hint: routes.hint });
    }
    return routes.state === "missing" || routes.drifted ? { effects: [{ kind: "reconcileRoutes" }] } : undefined;
  },
};
