import type { Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { beginRollback } from "../rollback.ts";
import { canaryText } from "../texts.ts";

/** The threshold is reached. Upstream waits one more interval before it acts; users of a bad canary should not. */
export const rollBackOnFailedChecks: Rule = {
  name: "rollBackOnFailedChecks",
  decide(pass) {
    const { failedChecks, phase } = pass.status;
    if (!isAnalysing(phase) || failedChecks < pass.spec.threshold) return undefined;
    return beginRollback(pass, {
      cause: "failed-checks",
      message: `Rolling back ${canaryText(pass.spec)} failed checks threshold reached ${failedChecks}`,
      alert: { severity: "error", message: `Failed checks threshold reached ${failedChecks}` },
    });
  },
};
