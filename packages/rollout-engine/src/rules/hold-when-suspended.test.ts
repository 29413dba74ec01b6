import { testRule } from "../testing/test-rule.ts";
import { holdWhenSuspended } from "./hold-when-suspended.ts";

testRule(holdWhenSuspended, {
  "has nothing to say of a Canary that is not suspended": { silent: true },
  "holds everything and says so once": {
    spec: { suspend: true },
    holds: "skipping canary run as object is suspended",
    tells: ["skipping canary run as object is suspended"],
  },
});
