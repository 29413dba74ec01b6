import type { Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { beginRollback } from "../rollback.ts";
import { canaryText } from "../texts.ts";

/** `analysis.onUnknown: rollback`: enough checks in a row had no data. */
export const rollBackOnUnknown: Rule = {
  name: "rollBackOnUnknown",
  decide(pass) {
    const unknown = pass.status.unknownChecks ?? 0;
    if (pass.spec.onUnknown !== "rollback" || !isAnalysing(pass.status.phase)) return undefined;
    if (unknown < pass.spec.unknownThreshold) return undefined;
    return beginRollback(pass, {
      cause: "unknown-checks",
      message: `Rolling back ${canaryText(pass.spec)} unknown checks threshold reached ${unknown}`,
      alert: { severity: "error", message: `Unknown checks threshold reached ${unknown}` },
    });
  },
};
