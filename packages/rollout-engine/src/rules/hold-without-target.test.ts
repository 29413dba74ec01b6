import { testRule } from "../testing/test-rule.ts";
import { holdWithoutTarget } from "./hold-without-target.ts";

const text = "deployment app.test get query error: not found";

testRule(holdWithoutTarget, {
  "has nothing to say while the target is there": { silent: true },
  "holds an idle Canary": { target: "missing", status: { phase: "Succeeded" }, holds: text, tells: [text] },
  "takes the traffic off a canary that is gone": {
    target: "missing",
    records: { rollback: { cause: "target-missing", message: text, at: "2026-01-01T00:10:00.000Z" } },
  },
  "lets a promotion take the traffic back whose copy is made": {
    target: "missing",
    status: { phase: "Promoting" },
    primary: { release: "v2" },
    silent: true,
  },
  "cancels a promotion that has nothing to copy": {
    target: "missing",
    status: { phase: "Promoting" },
    records: { rollback: { cause: "target-missing", message: text, at: "2026-01-01T00:10:00.000Z" } },
  },
});
