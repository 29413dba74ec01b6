import { hold } from "../hold.ts";
import type { Pass, Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { primaryHasCopy } from "../promotion.ts";
import { beginRollback } from "../rollback.ts";
import { decidedRoutes } from "../routes.ts";

/**
 * Without the target nothing can be decided but one thing: users must not be sent to where it was. A promotion whose copy
 * is made goes on, for it takes them back to the primary.
 */
export const holdWithoutTarget: Rule = {
  name: "holdWithoutTarget",
  decide(pass) {
    const { target } = pass.seen;
    if (target.state === "present") return undefined;
    const { phase, promotionFailed } = pass.status;
    if (phase === "Promoting" || phase === "Finalising")
      return primaryHasCopy(pass) ? undefined : cancel(pass, target.message);
    const exposed = decidedRoutes(pass.status).canary > 0 && promotionFailed !== true;
    return isAnalysing(phase) && exposed
      ? cancel(pass, target.message)
      : hold(pass, target.message, { hint: target.hint });
  },
};

function cancel(pass: Pass, message: string) {
  return beginRollback(pass, { cause: "target-missing", message });
}
