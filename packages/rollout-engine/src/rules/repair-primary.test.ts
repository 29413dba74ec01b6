import { testRule } from "../testing/test-rule.ts";
import { repairPrimary } from "./repair-primary.ts";

const missing = { primary: "missing" } as const;

testRule(repairPrimary, {
  "has nothing to do while the primary is there": { silent: true },
  "leaves the first one to the initialisation": { ...missing, status: { phase: "Initializing" }, silent: true },
  "makes it again from the promoted revision": {
    ...missing,
    status: { phase: "Succeeded" },
    target: { revision: "v1" },
    effects: ["createPrimary v1"],
  },
  "never makes it from a revision that did not pass": {
    ...missing,
    status: { phase: "Failed" },
    holds:
      "app-primary.test is missing and the target is revision v2, expected the promoted one v1: restore that template, or promote this one by an action",
  },
  "makes it from the revision that is being promoted": {
    ...missing,
    status: { phase: "Promoting" },
    effects: ["createPrimary v2"],
  },
  "makes it from the revision that a person asked to promote": {
    ...missing,
    status: { phase: "Failed", override: { action: "promote", revision: "v2", actor: "jane", at: "" } },
    effects: ["createPrimary v2"],
  },
});
