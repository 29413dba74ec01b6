import { testRule } from "../testing/test-rule.ts";
import { repairAutoscaler } from "./repair-autoscaler.ts";

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
  "leaves drift to the next promotion": {
    seen: { autoscaler: { state: "present", paused: false, primary: "drifted" } },
    silent: true,
  },
});
