import { holdForAutoscaler } from "../hold.ts";
import { presentTarget, type Rule } from "../pass.ts";
import { isIdle } from "../phase.ts";
import { isPromoted } from "../revision.ts";

/**
 * The primary has its own autoscaler, which follows the target's at rest and at a promotion. What comes with a new revision may be
 * meant for that revision: it waits with it.
 */
export const repairAutoscaler: Rule = {
  name: "repairAutoscaler",
  decide(pass) {
    const { autoscaler } = pass.seen;
    if (autoscaler?.state === "missing") return holdForAutoscaler(pass, autoscaler.message);
    if (autoscaler?.primary === "missing") {
      return { effects: [{ kind: "reconcilePrimaryAutoscaler", update: false }] };
    }
    const target = presentTarget(pass.seen);
    const resting = isIdle(pass.status.phase) && target !== undefined && isPromoted(pass.status, target);
    return resting && autoscaler?.primary === "drifted"
      ? { effects: [{ kind: "reconcilePrimaryAutoscaler", update: true }] }
      : undefined;
  },
};
