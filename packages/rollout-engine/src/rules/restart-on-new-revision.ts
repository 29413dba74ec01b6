import { say } from "../notice.ts";
import { presentTarget, type Rule } from "../pass.ts";
import { canBeCalledOff } from "../promotion.ts";
import { leftTheRun } from "../revision.ts";
import { allToPrimary, routeEffects } from "../routes.ts";
import { newRun } from "../run.ts";
import { targetText } from "../texts.ts";

/**
 * What the target runs now is not what this run analysed: the run begins anew, with all traffic on the primary. Also when
 * a promotion was decided and nothing was copied yet. Also when a person asks for it.
 */
export const restartOnNewRevision: Rule = {
  name: "restartOnNewRevision",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (target === undefined || !canBeCalledOff(pass)) return undefined;
    const asked = pass.status.startRequested;
    const changed = leftTheRun(pass.status, target);
    if (!changed && asked === undefined) return undefined;
    const actor = asked === undefined || changed ? {} : { actor: asked.actor };
    const status = newRun(pass, pass.status, target);
    const text = `${changed ? "New revision detected! " : ""}Restarting analysis for ${targetText(pass.spec)}`;
    return {
      effects: pass.status.promotionFailed === true ? [] : routeEffects(pass, allToPrimary),
      status: say(pass, status, text, actor),
    };
  },
};
