import { fromBinary } from "@bufbuild/protobuf";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { AnalysisRequestedSchema } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import type { CanaryStatus } from "@burgee/rollout-engine";
import { describe, expect, test } from "vitest";
import { readSpec } from "../read-spec.ts";
import { canaryOf } from "../testing/objects.ts";
import { analysisRequest } from "./analysis-request.ts";
import { alertRaised, rolloutEvent } from "./notice-messages.ts";

const status: CanaryStatus = {
  phase: "Failed",
  failedChecks: 2,
  canaryWeight: 20,
  iterations: 0,
  run: 3,
  targetRevision: "t1-a",
  canaryAnalysis: [
    {
      run: 3,
      check: 4,
      result: "fail",
      weight: 20,
      at: "2026-01-01T00:00:00.000Z",
      metrics: [{ name: "request-success-rate", result: "fail", value: 90, min: 99, message: "too low" }],
    },
  ],
};
const notice = {
  kind: "notice",
  id: "uid-1/3/17",
  event: { type: "Warning", message: "Rolling back" },
  rule: "rollBack",
  phase: "Failed",
  at: 1_700_000_000_123,
  alert: { severity: "error", message: "Failed checks threshold reached 2", withFields: true },
} as const;

function context(analysis: CanaryAnalysis = {}, spec: Partial<CanarySpec> = {}) {
  const canary = canaryOf(spec, { stepWeight: 10, ...analysis });
  const read = readSpec(canary, { provider: "gatewayapi:v1", minIntervalMs: 1_000, noCrossNamespaceRefs: false });
  if ("problems" in read) throw new Error(JSON.stringify(read.problems));
  return { canary, spec: read.spec, status, image: "images.example.com:5000/web:v2", clusterName: "eu-1" };
}

describe("a notice", () => {
  test("is one entry of the timeline, under its own id", () => {
    const entry = rolloutEvent(notice, context());
    expect(entry).toMatchObject({ id: "uid-1/3/17", key: "test/app", seq: 17, type: "RolloutEvent" });
    const event = fromBinary(RolloutEventSchema, entry.payload);
    expect(event).toMatchObject({
      name: "app",
      run: 3n,
      revision: "t1-a",
      phase: "Failed",
      severity: "Warning",
      rule: "rollBack",
    });
    expect(event.at).toMatchObject({ seconds: 1_700_000_000n, nanos: 123_000_000 });
    expect(event.metrics[0]).toMatchObject({ name: "request-success-rate", value: 90, min: 99 });
  });

  test("raises one alert with upstream's fields, the routes as written and what templates name", () => {
    const routes = [{ name: "ops", severity: "warn", providerRef: { name: "slack" } }] as const;
    const entry = alertRaised(notice, context({ alerts: [...routes] }));
    expect(entry?.id).toBe("uid-1/3/17/alert");
    const alert = fromBinary(AlertRaisedSchema, entry?.payload ?? new Uint8Array());
    expect(alert.severity).toBe(Severity.ERROR);
    expect(alert.fields.map(({ name, value }) => [name, value])).toEqual([
      ["Cluster", "eu-1"],
      ["Target", "Deployment/app.test"],
      ["Failed checks threshold", "1"],
      ["Progress deadline", "600s"],
      ["Traffic routing", "Weight step: 10 max: 100"],
    ]);
    expect(alert.routes[0]).toMatchObject({
      name: "ops",
      severity: "warn",
      providerName: "slack",
      providerNamespace: "test",
    });
    expect(alert.metadata).toMatchObject({ version: "v2", environment: "eu-1" });
  });

  test.each<[string, CanaryAnalysis]>([
    ["A/B Testing", { iterations: 2, stepWeight: 0, match: [{ headers: { a: { exact: "b" } } }] }],
    ["Blue/Green", { iterations: 2, stepWeight: 0 }],
    ["Weight step: 10 max: 50", { maxWeight: 50 }],
    ["Weight steps: 5,25,60 max: 60", { stepWeight: 0, stepWeights: [5, 25, 60] }],
  ])("calls the routing %s", (routing, analysis) => {
    const alert = fromBinary(AlertRaisedSchema, alertRaised(notice, context(analysis))?.payload ?? new Uint8Array());
    expect(alert.fields.at(-1)?.value).toBe(routing);
  });

  test("without an alert raises none", () => {
    const { alert: _alert, ...quiet } = notice;
    expect(alertRaised(quiet, context())).toBeUndefined();
  });
});

test("the same check is asked under the same id, with references instead of contents", () => {
  const metrics = [
    {
      name: "errors",
      templateRef: { name: "error-rate", namespace: "flagger-system" },
      thresholdRange: { max: 1 },
      interval: "1m",
    },
  ];
  const check = {
    kind: "check",
    id: "uid-1/3/4",
    run: 3,
    check: 4,
    revision: "t1-a",
    weight: 20,
    at: 1_700_000_000_000,
  } as const;
  const about = {
    ...context({ metrics }, { metricsServer: "http://prom:9090" }),
    noDataFails: true,
    metricsServer: "",
  };
  const entry = analysisRequest(check, about);
  expect(entry).toMatchObject({ id: "uid-1/3/4", key: "test/app", seq: 4 });
  expect(fromBinary(AnalysisRequestedSchema, entry.payload)).toMatchObject({
    check: { canaryUid: "uid-1", run: 3n, check: 4n },
    weight: 20,
    meshProvider: "gatewayapi:v1",
    metricsServer: "http://prom:9090",
    noDataFails: true,
    target: { name: "app", kind: "Deployment", service: "app" },
    metrics: [{ name: "errors", max: 1, templateRef: { name: "error-rate", namespace: "flagger-system" } }],
  });
});
