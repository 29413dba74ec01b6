import type { CanaryStatus } from "@burgee/rollout-engine";
import { describe, expect, test } from "vitest";
import { adoptUpstreamHashes } from "./adopt-upstream-hash.ts";
import type { TargetFacts } from "./target.ts";

const revision = "t1-0123456789abcdef";
const target: TargetFacts = {
  label: { key: "app", value: "app" },
  containers: [{ name: "web", image: "web:v1" }],
  revision,
  configs: { checksums: { "secret/a": "1" }, configMaps: [], secrets: [], missing: [] },
  readiness: { ready: true },
  replicas: 2,
};
const world = (o: { isCopy: boolean }) => ({ target, workload: { isCopy: () => o.isCopy } });

const upstream = (phase: CanaryStatus["phase"]): CanaryStatus => ({
  phase,
  failedChecks: 0,
  canaryWeight: 0,
  iterations: 0,
  lastAppliedSpec: "5498f4fcd6",
  lastPromotedSpec: "5498f4fcd6",
});

describe("a Canary of upstream's controller", () => {
  test.each(["Initialized", "Succeeded", "Failed"] as const)(
    "in phase %s is adopted in silence when the primary runs the target's template",
    (phase) => {
      expect(adoptUpstreamHashes(upstream(phase), world({ isCopy: true }))).toMatchObject({
        lastAppliedSpec: revision,
        lastPromotedSpec: revision,
        promotedConfigs: { "secret/a": "1" },
      });
    },
  );
  test("is analysed when the target differs from the primary", () => {
    expect(adoptUpstreamHashes(upstream("Succeeded"), world({ isCopy: false }))).toEqual(upstream("Succeeded"));
  });
  test("goes on with a run that is under way", () => {
    expect(adoptUpstreamHashes(upstream("Progressing"), world({ isCopy: false }))).toMatchObject({
      lastAppliedSpec: revision,
      lastPromotedSpec: "5498f4fcd6",
    });
  });
  test("with our own hash is left alone", () => {
    const ours = { ...upstream("Succeeded"), lastAppliedSpec: revision };
    expect(adoptUpstreamHashes(ours, world({ isCopy: true }))).toBe(ours);
  });
});
