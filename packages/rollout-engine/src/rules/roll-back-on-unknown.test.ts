import { testRule } from "../testing/test-rule.ts";
import { rollBackOnUnknown } from "./roll-back-on-unknown.ts";

const spec = { onUnknown: "rollback" } as const;

testRule(rollBackOnUnknown, {
  "holds by default, however long": { status: { unknownChecks: 100 }, silent: true },
  "lets a check be unknown below the threshold": { spec, status: { unknownChecks: 1 }, silent: true },
  "rolls back at the threshold when that is wanted": {
    spec,
    status: { unknownChecks: 2 },
    tells: ["Rolling back app.test unknown checks threshold reached 2"],
  },
});
