import { testRule } from "../testing/test-rule.ts";
import { rollBackOnDeadline } from "./roll-back-on-deadline.ts";

const never = { ready: false, retriable: false, message: 'deployment "app" exceeded its progress deadline' } as const;
const later = { ready: false, retriable: true, message: "1 of 2" } as const;

testRule(rollBackOnDeadline, {
  "lets pods take their time": { target: { readiness: later }, primary: { readiness: later }, silent: true },
  "gives up a canary that will not become ready": {
    target: { readiness: never },
    tells: ['canary deployment app.test not ready: deployment "app" exceeded its progress deadline'],
  },
  "tells before what kept the pods": {
    target: { readiness: never },
    status: {
      hold: { rule: "waitForCanary", message: "0 of 2", since: "2026-01-01T00:00:00.000Z", hint: "no such image" },
    },
    tells: ["no such image", 'canary deployment app.test not ready: deployment "app" exceeded its progress deadline'],
  },
  "spells the DaemonSet's sentence as upstream does": {
    spec: { target: { kind: "DaemonSet", name: "app" } },
    target: { readiness: { ...never, message: "exceeded its progressDeadlineSeconds: 600" } },
    tells: ["canary damonset app.test not ready with retryable false: exceeded its progressDeadlineSeconds: 600"],
  },
  "gives up when the primary will not be ready: it is the way back": {
    primary: { readiness: never },
    tells: ['app-primary.test not ready: deployment "app" exceeded its progress deadline'],
  },
  "not when this run is what mends the primary": {
    primary: { readiness: never },
    status: { promotionFailed: true },
    silent: true,
  },
  "lets a newer revision go first": { target: { revision: "v3", readiness: never }, silent: true },
  "works with the bus down": {
    target: { readiness: never },
    seen: { bus: "down" },
    tells: ['canary deployment app.test not ready: deployment "app" exceeded its progress deadline'],
  },
});
