import { hold } from "../hold.ts";
import type { Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { beginRollback } from "../rollback.ts";
import { decidedRoutes } from "../routes.ts";

/** Without the target nothing can be decided but one thing: users must not be sent to where it was. */
export const holdWithoutTarget: Rule = {
  name: "holdWithoutTarget",
  decide(pass) {
    const { target } = pass.seen;
    if (target.state === "present") return undefined;
    if (
      isAnalysing(pass.status.phase) &&
      decidedRoutes(pass.status).canary > 0 &&
      pass.status.promotionFailed !== true
    ) {
      return beginRollback(pass, { cause: "target-missing", message: target.message });
    }
    return hold(pass, target.message);
  },
};
