import { testRule } from "../testing/test-rule.ts";
import { rollBackOnFailedChecks } from "./roll-back-on-failed-checks.ts";

const failed = { failedChecks: 2 };
const told = ["Rolling back app.test failed checks threshold reached 2"];

testRule(rollBackOnFailedChecks, {
  "lets a check fail below the threshold": { status: { failedChecks: 1 }, silent: true },
  "rolls back at the threshold": { status: failed, tells: told },
  "also while a gate waits": { status: { ...failed, phase: "WaitingPromotion" }, tells: told },
  "also when the canary is not ready": {
    status: failed,
    target: { readiness: { ready: false, retriable: true, message: "1 of 2" } },
    tells: told,
  },
  "also when the bus is down": { status: failed, seen: { bus: "down" }, tells: told },
  "not once the promotion began": { status: { ...failed, phase: "Promoting" }, silent: true },
});
