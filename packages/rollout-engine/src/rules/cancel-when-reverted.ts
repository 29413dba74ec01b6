import { type Rule, presentTarget } from "../pass.ts";
import { canBeCalledOff } from "../promotion.ts";
import { beginRollback } from "../rollback.ts";
import { isPromoted, leftTheRun } from "../revision.ts";
import { canaryText } from "../texts.ts";

/** The user took the new revision back in the middle of its run: there is nothing left to analyse or to promote. */
export const cancelWhenReverted: Rule = {
  name: "cancelWhenReverted",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (target === undefined || !canBeCalledOff(pass)) return undefined;
    if (!isPromoted(pass.status, target) || !leftTheRun(pass.status, target)) return undefined;
    const message = `Rolling back ${canaryText(pass.spec)} target was reverted to the promoted revision`;
    return beginRollback(pass, {
      cause: "reverted",
      message,
      alert: { severity: "warn", message: "Canary was canceled: the target was reverted to the promoted revision." },
    });
  },
};
