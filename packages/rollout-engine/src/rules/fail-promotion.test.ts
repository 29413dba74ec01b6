import { testRule } from "../testing/test-rule.ts";
import { failPromotion } from "./fail-promotion.ts";

const promoting = { phase: "Promoting" } as const;
const broken = { release: "v2", readiness: { ready: false, retriable: false, message: "exceeded" } } as const;

testRule(failPromotion, {
  "is about promotions only": { primary: broken, silent: true },
  "waits while the primary may still become ready": {
    status: promoting,
    primary: { ...broken, readiness: { ready: false, retriable: true, message: "1 of 2" } },
    silent: true,
  },
  "does not blame a copy that was not made yet": {
    status: promoting,
    primary: { ...broken, release: "v1" },
    silent: true,
  },
  "gives all traffic to the canary and keeps it": {
    status: promoting,
    primary: broken,
    effects: ["setRoutes 0/100"],
    records: {
      phase: "Failed",
      canaryWeight: 100,
      promotionFailed: true,
      lastAppliedSpec: "v2",
      lastPromotedSpec: "v1",
    },
    tells: ["Promotion of app.test failed, primary not ready: exceeded"],
  },
  "leaves the traffic where it is when the canary is not ready either": {
    status: promoting,
    primary: broken,
    target: { readiness: { ready: false, retriable: true, message: "0 of 2" } },
    effects: [],
    records: { phase: "Failed", canaryWeight: 20 },
  },
  "touches no route of a provider that has none": {
    spec: { routed: false },
    status: promoting,
    primary: broken,
    effects: [],
    records: { phase: "Failed" },
  },
});
