import { testRule } from "../testing/test-rule.ts";
import { promoteToPrimary } from "./promote-to-primary.ts";

const passed = { phase: "Promoting", lastPass: { run: 1, check: 1, revision: "v2", at: "" } } as const;
const noPass = "app.test revision v2 has no passing analysis";

testRule(promoteToPrimary, {
  "is about promotions only": { silent: true },
  "copies the revision that passed": { status: passed, effects: ["promote v2"] },
  "copies it with its configs": {
    status: { ...passed, trackedConfigs: { "configmap/app": "1" } },
    target: { configs: { "configmap/app": "1" } },
    effects: ["promote v2-94e075fe"],
  },
  "aligns the primary's autoscaler with it": {
    status: passed,
    seen: { autoscaler: { state: "present", paused: false, primary: "drifted" } },
    effects: ["reconcilePrimaryAutoscaler update", "promote v2"],
  },
  "does not copy twice": { status: passed, primary: { release: "v2" }, silent: true },
  "never copies what did not pass": { status: { ...passed, lastPass: undefined }, holds: noPass },
  "never copies on a pass of another run": {
    status: { ...passed, lastPass: { ...passed.lastPass, run: 0 } },
    holds: noPass,
  },
  "never copies on a pass of another revision": {
    status: { ...passed, lastPass: { ...passed.lastPass, revision: "v0" } },
    holds: noPass,
  },
  "copies what a person asked for": {
    status: { phase: "Promoting", override: { action: "promote", revision: "v2", actor: "jane", at: "" } },
    effects: ["promote v2"],
  },
});
