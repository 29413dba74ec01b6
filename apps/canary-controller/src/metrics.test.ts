import { createMetrics } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { createRolloutMetrics } from "./metrics.ts";
import { readSpec } from "./read-spec.ts";
import { canaryOf } from "./testing/objects.ts";

test("the metrics have upstream's names, labels and values", async () => {
  const kit = createMetrics();
  const metrics = createRolloutMetrics(kit, { version: "1.2.3", meshProvider: "istio" });
  const canary = canaryOf({}, { stepWeight: 10 });
  const read = readSpec(canary, { provider: "gatewayapi:v1", minIntervalMs: 1_000, noCrossNamespaceRefs: false });
  if ("problems" in read) throw new Error("unexpected problems");
  const since = "2026-01-01T00:00:00.000Z";
  const progressing = {
    phase: "Progressing",
    failedChecks: 0,
    canaryWeight: 20,
    iterations: 0,
    routes: { primary: 80, canary: 20, mirrored: false },
    conditions: [{ type: "Promoted", status: "Unknown", reason: "Progressing", lastTransitionTime: since }],
  } as const;
  const spec = read.spec;
  const before = { ...progressing, conditions: [...progressing.conditions] };
  metrics.setTotals(new Map([["test", 3]]));
  metrics.record({ spec, before, after: before, now: Date.parse(since) + 30_000 });
  const text = await kit.registry.metrics();
  for (const line of [
    'flagger_info{version="1.2.3",mesh_provider="istio"} 1',
    'flagger_canary_total{namespace="test"} 3',
    'flagger_canary_status{name="app",namespace="test"} 0',
    'flagger_canary_weight{workload="app",namespace="test"} 20',
    'flagger_canary_weight{workload="app-primary",namespace="test"} 80',
    'flagger_canary_phase{name="app",namespace="test",phase="Progressing"} 1',
    'flagger_canary_run_duration_seconds{name="app",namespace="test"} 30',
  ]) {
    expect(text).toContain(line);
  }
  const failed = { ...before, phase: "Failed", routes: { primary: 100, canary: 0, mirrored: false } } as const;
  metrics.record({ spec, before, after: failed, now: Date.parse(since) + 60_000 });
  const later = await kit.registry.metrics();
  expect(later).toContain('flagger_canary_phase{name="app",namespace="test",phase="Failed"} 1');
  expect(later, "only the phase that it is in").not.toContain('phase="Progressing"');
  expect(later).toContain('flagger_canary_status{name="app",namespace="test"} 2');
  expect(later).toContain(
    'flagger_canary_failures_total{name="app",namespace="test",deployment_strategy="canary",analysis_status="completed"} 1',
  );
  metrics.forget(canary);
  expect(await kit.registry.metrics()).not.toContain('flagger_canary_weight{workload="app"');
});
