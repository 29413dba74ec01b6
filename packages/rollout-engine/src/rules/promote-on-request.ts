import { presentTarget, type Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { beginPromotion } from "../promotion.ts";
import { withSkip } from "../run.ts";

/** The user wants this very revision without (further) analysis; who wished it is on record. The canary is ready. */
export const promoteOnRequest: Rule = {
  name: "promoteOnRequest",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (target === undefined || !isAnalysing(pass.status.phase)) return undefined;
    const status = withSkip(pass, pass.status);
    const { override } = status;
    if (override === undefined || override.revision !== status.targetRevision) return undefined;
    return { status: beginPromotion(pass, status, { actor: override.actor }) };
  },
};
