// Every event of upstream's controller, by its wording (%s and %v are names, numbers and errors), and how the engine comes to tell it.
import { describe, expect, test } from "vitest";
import { createScenario } from "./testing/scenario.ts";

interface Row {
  /** Of the Canary, as JSON: analysis and other fields of the spec. */
  canary?: readonly [analysis: object, spec?: object];
  /** After the Canary is there. */
  steps?: readonly string[];
  tells: string;
  alert?: string;
}

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const weighted = { stepWeight: 50, maxWeight: 50, metrics };
const blueGreen = { iterations: 1, metrics };
const kubernetes = { provider: "kubernetes" };
const asked = (type: string) => [{ ...weighted, webhooks: [{ name: "ask", type, url: "http://ask/" }] }] as const;
const started = ["settle", "target v2", "settle"];
const ended = ["settle", "target v2", "advance 120s"];
const failing = ["settle", "checks fail", "target v2", "advance 60s"];
const refused = (answer = "not yet") => ["settle", `hook ask no ${answer}`, "target v2", "advance 30s"];
const neverReady = "exceeded its progress deadline";

const table: Readonly<Record<string, Row>> = {
  "Initialization done! %s.%s": {
    steps: ["settle"],
    tells: "Normal: Initialization done! app.test",
    alert: "info: New Deployment detected, initialization completed.",
  },
  "skipping canary run as object is suspended": {
    canary: [weighted, { suspend: true }],
    steps: ["settle"],
    tells: "Normal: skipping canary run as object is suspended",
  },
  "New revision detected! Scaling up %s.%s": {
    steps: started,
    tells: "Normal: New revision detected! Scaling up app.test",
    alert: "info: New revision detected, progressing canary analysis.",
  },
  "New revision detected! Restarting analysis for %s.%s": {
    steps: [...started, "target v3", "settle"],
    tells: "Normal: New revision detected! Restarting analysis for app.test",
  },
  "Starting canary analysis for %s.%s": { steps: started, tells: "Normal: Starting canary analysis for app.test" },
  "Advance %s.%s canary weight %v": { steps: started, tells: "Normal: Advance app.test canary weight 50" },
  "Advance %s.%s canary iteration %v/%v": {
    canary: [blueGreen],
    steps: started,
    tells: "Normal: Advance app.test canary iteration 1/1",
  },
  "Advance %s.%s primary weight %v": {
    canary: [{ ...weighted, stepWeightPromotion: 20 }],
    steps: ended,
    tells: "Normal: Advance app.test primary weight 70",
  },
  "Routing all traffic to canary": {
    canary: [blueGreen],
    steps: ended,
    tells: "Normal: Routing all traffic to canary",
  },
  "Stop traffic mirroring and route all traffic to canary": {
    canary: [{ ...blueGreen, mirror: true }],
    steps: ended,
    tells: "Normal: Stop traffic mirroring and route all traffic to canary",
  },
  "Copying %s.%s template spec to %s.%s": {
    steps: ended,
    tells: "Normal: Copying app.test template spec to app-primary.test",
  },
  "Routing all traffic to primary": { steps: ended, tells: "Normal: Routing all traffic to primary" },
  "Promotion completed! Scaling down %s.%s": {
    steps: ended,
    tells: "Normal: Promotion completed! Scaling down app.test",
    alert: "info: Canary analysis completed successfully, promotion finished.",
  },
  "Promotion completed! Canary analysis was skipped for %s.%s": {
    canary: [weighted, { skipAnalysis: true }],
    steps: ended,
    tells: "Normal: Promotion completed! Canary analysis was skipped for app.test",
    alert: "info: Canary analysis was skipped, promotion finished.",
  },
  "Rolling back %s.%s failed checks threshold reached %v": {
    steps: failing,
    tells: "Warning: Rolling back app.test failed checks threshold reached 2",
    alert: "error: Failed checks threshold reached 2",
  },
  "Canary failed! Scaling down %s.%s": { steps: failing, tells: "Warning: Canary failed! Scaling down app.test" },
  "Promotion of %s.%s failed, primary not ready: %v": {
    steps: [
      "settle",
      "podsReadyAfter 5s",
      "target v2",
      "advance 20s",
      `primaryPods never ready: ${neverReady}`,
      "advance 60s",
    ],
    tells: `Warning: Promotion of app.test failed, primary not ready: ${neverReady}`,
    alert: `error: Promotion failed, primary not ready: ${neverReady}`,
  },
  "canary deployment %s.%s not ready: %w": {
    steps: ["settle", "canaryPods not ready: 1 of 2", "target v2", "settle"],
    tells: "Warning: canary deployment app.test not ready: 1 of 2",
  },
  "Progress deadline exceeded %v": {
    steps: ["settle", `canaryPods never ready: ${neverReady}`, "target v2", "settle"],
    tells: `Warning: canary deployment app.test not ready: ${neverReady}`,
    alert: `error: Progress deadline exceeded canary deployment app.test not ready: ${neverReady}`,
  },
  "canary damonset %s.%s not ready with retryable %v: %w": {
    canary: [weighted, { targetRef: { apiVersion: "apps/v1", kind: "DaemonSet", name: "app" } }],
    steps: ["settle", "canaryPods not ready: 1 of 2", "target v2", "settle"],
    tells: "Warning: canary damonset app.test not ready with retryable true: 1 of 2",
  },
  "%s.%s not ready: %w": {
    steps: [...started, "primaryPods not ready: 1 of 2", "settle"],
    tells: "Warning: app-primary.test not ready: 1 of 2",
  },
  "primary daemonset %s.%s not ready: %w": {
    canary: [weighted, { targetRef: { apiVersion: "apps/v1", kind: "DaemonSet", name: "app" } }],
    steps: [...started, "primaryPods not ready: 1 of 2", "settle"],
    tells: "Warning: primary daemonset app-primary.test not ready: 1 of 2",
  },
  "deployment %s.%s get query error: %w": {
    steps: ["target deleted", "settle"],
    tells: "Warning: deployment app.test get query error: not found",
  },
  "Halt %s.%s advancement waiting for approval %s": {
    canary: asked("confirm-rollout"),
    steps: refused(),
    tells: "Warning: Halt app.test advancement waiting for approval ask",
    alert: "warn: Canary is waiting for approval.",
  },
  "Confirm-rollout check %s passed": {
    canary: asked("confirm-rollout"),
    steps: started,
    tells: "Normal: Confirm-rollout check ask passed",
  },
  "Halt %s.%s advancement waiting for traffic increase approval %s": {
    canary: asked("confirm-traffic-increase"),
    steps: refused(),
    tells: "Warning: Halt app.test advancement waiting for traffic increase approval ask",
    alert: "warn: Canary traffic increase is waiting for approval.",
  },
  "Confirm-traffic-increase check %s passed": {
    canary: asked("confirm-traffic-increase"),
    steps: started,
    tells: "Normal: Confirm-traffic-increase check ask passed",
  },
  "Halt %s.%s advancement waiting for promotion approval %s": {
    canary: asked("confirm-promotion"),
    steps: refused(),
    tells: "Warning: Halt app.test advancement waiting for promotion approval ask",
    alert: "warn: Canary promotion is waiting for approval.",
  },
  "Confirm-promotion check %s passed": {
    canary: asked("confirm-promotion"),
    steps: ended,
    tells: "Normal: Confirm-promotion check ask passed",
  },
  "Halt %s.%s advancement pre-rollout check %s failed %v": {
    canary: asked("pre-rollout"),
    steps: refused("database is locked"),
    tells: "Warning: Halt app.test advancement pre-rollout check ask failed database is locked",
  },
  "Pre-rollout check %s passed": {
    canary: asked("pre-rollout"),
    steps: started,
    tells: "Normal: Pre-rollout check ask passed",
  },
  "Halt %s.%s advancement external check %s failed %v": {
    canary: asked("rollout"),
    steps: refused("too slow"),
    tells: "Warning: Halt app.test advancement external check ask failed too slow",
  },
  "Post-rollout hook %s failed %v": {
    canary: asked("post-rollout"),
    steps: ["settle", "hook ask no gone", "target v2", "advance 120s"],
    tells: "Warning: Post-rollout hook ask failed gone",
  },
  "Post-rollout check %s passed": {
    canary: asked("post-rollout"),
    steps: ended,
    tells: "Normal: Post-rollout check ask passed",
  },
  "Rollback hook %s not signaling a rollback": {
    canary: asked("rollback"),
    steps: refused(),
    tells: "Normal: Rollback hook ask not signaling a rollback",
  },
  "Rollback check %s passed": {
    canary: asked("rollback"),
    steps: started,
    tells: "Warning: Rollback check ask passed",
  },
  "Rolling back %s.%s manual webhook invoked": {
    canary: asked("rollback"),
    steps: started,
    tells: "Warning: Rolling back app.test manual webhook invoked",
    alert: "warn: Rolling back manual webhook invoked",
  },
  "Terminating canary %s.%s": {
    canary: [weighted, { revertOnDeletion: true }],
    steps: ["settle", "delete", "settle"],
    tells: "Normal: Terminating canary app.test",
  },
  "Terminated canary %s.%s": {
    canary: [weighted, { revertOnDeletion: true }],
    steps: ["settle", "delete", "settle"],
    tells: "Normal: Terminated canary app.test",
  },
  "A/B testing is not supported when using the kubernetes provider": {
    canary: [{ ...blueGreen, match: [{ headers: { "x-canary": { exact: "yes" } } }] }, kubernetes],
    steps: started,
    tells: "Warning: A/B testing is not supported when using the kubernetes provider",
  },
  "Progressive traffic is not supported when using the kubernetes provider": {
    canary: [weighted, kubernetes],
    steps: started,
    tells: "Warning: Progressive traffic is not supported when using the kubernetes provider",
  },
  "Setting canaryAnalysis.iterations: 10": {
    canary: [weighted, kubernetes],
    steps: started,
    tells: "Warning: Setting canaryAnalysis.iterations: 10",
  },
};

describe("upstream's event", () => {
  test.each(Object.entries(table))("%s", (_wording, { canary = [weighted], steps = [], tells, alert }) => {
    const scenario = createScenario();
    const [analysis, spec = {}] = canary;
    scenario.run(`canary ${JSON.stringify(analysis)} ${JSON.stringify(spec)}`);
    const lines = steps.flatMap((step) => scenario.run(step).split("\n")).map((line) => line.replace(/^ *\d+s /, ""));
    expect(lines).toContain(tells);
    const next = lines[lines.indexOf(tells) + 1] ?? "";
    expect(/^ +alert (.*)/.exec(next)?.[1]).toBe(alert);
  });
});
