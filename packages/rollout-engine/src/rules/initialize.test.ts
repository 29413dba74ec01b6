import { testRule } from "../testing/test-rule.ts";
import { initialize } from "./initialize.ts";

const fresh = { phase: "Initializing" } as const;
const atPrimary = { primary: 100, canary: 0 };
const notReady = { ready: false, retriable: true, message: "0 of 2" } as const;

testRule(initialize, {
  "is for new Canaries only": { silent: true },
  "makes the primary first": {
    status: fresh,
    primary: "missing",
    seen: { services: "missing" },
    effects: ["createPrimary v2"],
  },
  "waits for it, with users on the target as ever": {
    status: fresh,
    primary: { readiness: notReady, release: "v2" },
    seen: { services: "missing" },
    holds: "app-primary.test not ready: 0 of 2",
  },
  "waits even when it will never be ready: taking the target down would be an outage": {
    status: fresh,
    primary: { readiness: { ...notReady, retriable: false }, release: "v2" },
    seen: { services: "missing" },
    holds: "app-primary.test not ready: 0 of 2",
  },
  "makes it anew from a newer target while nobody uses it": {
    status: fresh,
    primary: { readiness: notReady, release: "v1" },
    effects: ["promote v2"],
  },
  "gives the primary its autoscaler before it gets traffic": {
    status: fresh,
    seen: { services: "missing", autoscaler: { state: "present", paused: false, primary: "missing" } },
    effects: ["reconcilePrimaryAutoscaler"],
  },
  "points the Services at it once it is ready": {
    status: fresh,
    seen: { services: "missing" },
    effects: ["reconcileServices"],
  },
  "then makes the routers": { status: fresh, routes: { state: "missing" }, effects: ["reconcileRoutes"] },
  "holds when they cannot be read": {
    status: fresh,
    routes: { state: "error", message: "forbidden" },
    holds: "forbidden",
  },
  "sends all traffic to the primary": { status: fresh, effects: ["setRoutes 100/0"] },
  "scales the target down when the traffic has left it": {
    status: fresh,
    routes: atPrimary,
    seen: { autoscaler: { state: "present", paused: false, primary: "ok" } },
    effects: ["pauseAutoscaler", "scaleTargetToZero"],
  },
  "is done then": {
    status: fresh,
    routes: atPrimary,
    target: { replicas: 0, configs: { "configmap/app": "1" } },
    primary: { release: undefined },
    records: {
      phase: "Initialized",
      lastAppliedSpec: "v2",
      lastPromotedSpec: "v2",
      trackedConfigs: { "configmap/app": "1" },
    },
    tells: ["Initialization done! app.test"],
  },
  "counts a target that changed since the copy as a new revision": {
    status: fresh,
    routes: atPrimary,
    target: { replicas: 0 },
    primary: { release: "v1" },
    records: { lastAppliedSpec: "v1", lastPromotedSpec: "v1" },
  },
});
