import { testRule } from "../testing/test-rule.ts";
import { restoreRoutes } from "./restore-routes.ts";

const meddled = { primary: 0, canary: 100 };
const notReady = { readiness: { ready: false, retriable: true, message: "1 of 2" } } as const;

testRule(restoreRoutes, {
  "leaves the decided split alone": { silent: true },
  "restores it": { routes: meddled, effects: ["setRoutes 80/20"] },
  "points nothing at a canary that is not ready": { routes: meddled, target: notReady, silent: true },
  "points nothing at a primary that is not ready": { routes: meddled, primary: notReady, silent: true },
  "takes over the split of a run that it did not begin": {
    status: { routes: undefined },
    routes: { primary: 70, canary: 30 },
    records: { canaryWeight: 30, routes: { primary: 70, canary: 30, mirrored: false } },
  },
  "has nothing to do with a provider that has no routes": { spec: { routed: false }, routes: meddled, silent: true },
});
