import { testRule } from "../testing/test-rule.ts";
import { routeBackToPrimary } from "./route-back-to-primary.ts";

const promoting = { phase: "Promoting" } as const;
const stepped = { number: 4, startedAt: "2026-01-01T00:09:56.000Z", finishedAt: "2026-01-01T00:09:56.000Z" };

testRule(routeBackToPrimary, {
  "is about promotions only": { silent: true },
  "points nothing at a primary that is not ready": {
    status: promoting,
    primary: { readiness: { ready: false, retriable: true, message: "1 of 2" } },
    silent: true,
  },
  "gives everything back at once": {
    status: promoting,
    effects: ["setRoutes 100/0"],
    records: { phase: "Finalising", canaryWeight: 0, routes: { primary: 100, canary: 0, mirrored: false } },
    tells: ["Routing all traffic to primary"],
  },
  "or step by step": {
    spec: { stepWeightPromotion: 15 },
    status: promoting,
    effects: ["setRoutes 95/5"],
    records: { phase: "Promoting", canaryWeight: 5 },
    tells: ["Advance app.test primary weight 95"],
  },
  "an interval apart": {
    spec: { stepWeightPromotion: 15 },
    status: { ...promoting, tick: stepped },
    recheckAfterMs: 6000,
  },
  "until everything is back": {
    spec: { stepWeightPromotion: 30 },
    status: promoting,
    effects: ["setRoutes 100/0"],
    records: { phase: "Finalising" },
    tells: ["Advance app.test primary weight 100"],
  },
  "does not get stuck when nothing is left to give back": {
    spec: { stepWeightPromotion: 30 },
    status: { ...promoting, canaryWeight: 0, routes: { primary: 100, canary: 0, mirrored: false } },
    routes: { primary: 100, canary: 0 },
    records: { phase: "Finalising" },
  },
  "touches no route of a provider that has none": {
    spec: { routed: false },
    status: promoting,
    effects: [],
    records: { phase: "Finalising" },
  },
});
