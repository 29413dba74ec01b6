import type { Rule } from "../pass.ts";

/** The generated Services are as the spec says, in every phase. */
export const repairServices: Rule = {
  name: "repairServices",
  decide({ seen }) {
    return seen.services === "ok" ? undefined : { effects: [{ kind: "reconcileServices" }] };
  },
};
