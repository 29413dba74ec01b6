import { testRule } from "../testing/test-rule.ts";
import { rollBack } from "./roll-back.ts";

const begun = { rollback: { cause: "failed-checks", message: "m", at: "" } };
const routedBack = { primary: 100, canary: 0 };

testRule(rollBack, {
  "has nothing to do without a rollback": { silent: true },
  "sends all traffic to the primary first": {
    status: begun,
    effects: ["setRoutes 100/0"],
    records: { phase: "Progressing", canaryWeight: 0, routes: { primary: 100, canary: 0, mirrored: false } },
  },
  "also when the primary is not ready: it is the last good one": {
    status: begun,
    primary: { readiness: { ready: false, retriable: true, message: "1 of 2" } },
    effects: ["setRoutes 100/0"],
  },
  "ends a mirror": { status: begun, routes: { ...routedBack, mirrored: true }, effects: ["setRoutes 100/0"] },
  "scales the canary down only when the traffic is seen to be back": {
    status: { ...begun, failedChecks: 2, iterations: 3 },
    routes: routedBack,
    effects: ["scaleTargetToZero"],
    records: {
      phase: "Failed",
      canaryWeight: 0,
      failedChecks: 0,
      iterations: 0,
      lastAppliedSpec: "v2",
      lastPromotedSpec: "v1",
    },
    forgets: ["rollback", "lastPass", "pendingCheck", "opened"],
    tells: ["Canary failed! Scaling down app.test"],
  },
  "records the revision that failed, not a newer one that came meanwhile": {
    status: begun,
    routes: routedBack,
    target: { revision: "v3" },
    effects: ["scaleTargetToZero"],
    records: { lastAppliedSpec: "v2" },
  },
  "pauses the autoscaler first": {
    status: begun,
    routes: routedBack,
    seen: { autoscaler: { state: "present", paused: false, primary: "ok" } },
    effects: ["pauseAutoscaler", "scaleTargetToZero"],
  },
  "touches no route of a provider that has none": {
    spec: { routed: false },
    status: begun,
    effects: ["scaleTargetToZero"],
    records: { phase: "Failed" },
  },
  "keeps the canary serving after a failed promotion": {
    status: { ...begun, promotionFailed: true, routes: { primary: 0, canary: 100, mirrored: false } },
    effects: [],
    records: { phase: "Failed", canaryWeight: 100 },
  },
});
