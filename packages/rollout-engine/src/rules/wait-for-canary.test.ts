import { testRule } from "../testing/test-rule.ts";
import { waitForCanary } from "./wait-for-canary.ts";

const unopened = { opened: undefined, check: 0 };

testRule(waitForCanary, {
  "does not wait for a canary that is ready": { silent: true },
  "scales up a canary that has no pods": { target: { replicas: 0 }, effects: ["scaleTargetUp"] },
  "lets a paused autoscaler go first": {
    target: { replicas: 0 },
    seen: { autoscaler: { state: "present", paused: true, primary: "ok" } },
    effects: ["resumeAutoscaler", "scaleTargetUp"],
  },
  "but not a target that has no replicas of its own": {
    spec: { target: { kind: "Service", name: "app" } },
    target: { replicas: 0 },
    silent: true,
  },
  "holds until its pods are ready": {
    target: { readiness: { ready: false, retriable: true, message: "1 of 2" } },
    status: { readySince: "2026-01-01T00:09:00.000Z" },
    holds: "canary deployment app.test not ready: 1 of 2",
    forgets: ["readySince"],
  },
  "notes since when they are, for the warm-up": {
    spec: { delayMs: 30_000 },
    status: unopened,
    records: { readySince: "2026-01-01T00:10:00.000Z" },
    tells: ["app.test is ready and warms up until 2026-01-01T00:10:30.000Z"],
    recheckAfterMs: 30_000,
  },
  "waits for the rest of the warm-up": {
    spec: { delayMs: 30_000 },
    status: { ...unopened, readySince: "2026-01-01T00:09:40.000Z" },
    holds: "app.test is ready and warms up until 2026-01-01T00:10:10.000Z",
    recheckAfterMs: 10_000,
  },
  "goes on when it is over": {
    spec: { delayMs: 30_000 },
    status: { ...unopened, readySince: "2026-01-01T00:09:30.000Z" },
    silent: true,
  },
  "does not warm up in the middle of a run": { spec: { delayMs: 30_000 }, silent: true },
});
