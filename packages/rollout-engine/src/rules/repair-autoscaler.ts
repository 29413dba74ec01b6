import { hold } from "../hold.ts";
import type { Rule } from "../pass.ts";
import { canaryText } from "../texts.ts";

/** The primary has its own autoscaler. Its fields follow the target's only at a promotion. */
export const repairAutoscaler: Rule = {
  name: "repairAutoscaler",
  decide(pass) {
    const { autoscaler } = pass.seen;
    if (autoscaler?.state === "missing") return hold(pass, `autoscaler of ${canaryText(pass.spec)} not found`);
    return autoscaler?.primary === "missing"
      ? { effects: [{ kind: "reconcilePrimaryAutoscaler", update: false }] }
      : undefined;
  },
};
