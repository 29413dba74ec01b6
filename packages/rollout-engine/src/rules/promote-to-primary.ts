import type { Effect } from "../decision.ts";
import { hold } from "../hold.ts";
import { presentTarget, type Rule } from "../pass.ts";
import { mayPromote, primaryHasCopy, releaseOfRun } from "../promotion.ts";
import { targetText } from "../texts.ts";

/** Copies the analysed revision to the primary, and only that one: the executor refuses when the target moved on. */
export const promoteToPrimary: Rule = {
  name: "promoteToPrimary",
  decide(pass) {
    const { seen, status } = pass;
    const target = presentTarget(seen);
    if (status.phase !== "Promoting" || target === undefined) return undefined;
    if (primaryHasCopy(pass)) return undefined;
    if (!mayPromote(status)) {
      return hold(
        pass,
        `${targetText(pass.spec)} revision ${status.targetRevision ?? "(none)"} has no passing analysis`,
      );
    }
    const scaler: Effect[] =
      seen.autoscaler === undefined ? [] : [{ kind: "reconcilePrimaryAutoscaler", update: true }];
    return { effects: [...scaler, { kind: "promote", revision: target.revision, release: releaseOfRun(status) }] };
  },
};
