import { testRule } from "../testing/test-rule.ts";
import { waitForPrimary } from "./wait-for-primary.ts";

const primary = { readiness: { ready: false, retriable: true, message: "1 of 2" } } as const;
const holds = "app-primary.test not ready: 1 of 2";

testRule(waitForPrimary, {
  "does not wait for a primary that is ready": { silent: true },
  "holds a run: the primary is its way back": { primary, holds, tells: [holds] },
  "holds a new revision, and does not lose it": {
    primary,
    status: { phase: "Failed", lastAppliedSpec: "v0" },
    holds,
  },
  "leaves an idle Canary alone": { primary, status: { phase: "Failed" }, silent: true },
  "waits for the copy that was made": {
    primary: { ...primary, release: "v2" },
    status: { phase: "Promoting" },
    holds,
  },
  "not for one that is still to be made": { primary, status: { phase: "Promoting" }, silent: true },
  "not for a primary that this run mends": { primary, status: { promotionFailed: true }, silent: true },
  "not when the analysis is skipped": { primary, spec: { skipAnalysis: true }, silent: true },
});
