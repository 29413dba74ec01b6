import { testRule } from "../testing/test-rule.ts";
import { repairAutoscaler } from "./repair-autoscaler.ts";

const drifted = { state: "present", paused: false, primary: "drifted" } as const;
const atRest = {
  status: { phase: "Succeeded", lastAppliedSpec: "v1", targetRevision: "v1" },
  seen: { autoscaler: drifted },
} as const;

testRule(repairAutoscaler, {
  "has nothing to do without one": { silent: true },
  "holds when the target's is missing": {
    seen: { autoscaler: { state: "missing", paused: false, primary: "missing" } },
    holds: "autoscaler of app.test not found",
  },
  "makes the primary's": {
    seen: { autoscaler: { state: "present", paused: false, primary: "missing" } },
    effects: ["reconcilePrimaryAutoscaler"],
  },
  "follows the target's at rest": {
    ...atRest,
    target: { revision: "v1" },
    effects: ["reconcilePrimaryAutoscaler update"],
  },
  "leaves what comes with a new revision to its promotion": { ...atRest, target: { revision: "v2" }, silent: true },
  "leaves what comes during a run to its promotion": { seen: { autoscaler: drifted }, silent: true },
});
