import type { CanaryStatus } from "@burgee/rollout-engine";
import { describe, expect, test } from "vitest";
import { kubernetes } from "../routers/kubernetes.ts";
import { canaryOf, deploymentOf } from "../testing/objects.ts";
import type { World } from "../world.ts";
import { adoptUpstreamHashes } from "./adopt-upstream-hash.ts";
import { newPrimary } from "./deployment.ts";
import { templateHash } from "./template-hash.ts";

const settings = { selectorLabels: ["app"], labelPrefixes: [], configTracking: true };
const label = { key: "app", value: "app" };
const target = deploymentOf();
const revision = templateHash(target.spec.template);

function world(primaryImage: string): World {
  const canary = canaryOf();
  const copied = deploymentOf({ containers: [{ name: "web", image: primaryImage }] });
  const primary = newPrimary(copied, { canary, label, ...settings, trackedConfigs: {}, revision: "x", release: "" });
  return {
    canary,
    target: {
      deployment: target,
      label,
      revision,
      configs: { checksums: { "secret/a": "1" }, configMaps: [], secrets: [], missing: [] },
    },
    primary,
    services: {},
    primaryServes: true,
    router: kubernetes,
    routes: { seen: { state: "ok", primary: 100, canary: 0, mirrored: false, drifted: false }, objects: undefined },
    autoscaler: undefined,
    primaryAutoscaler: undefined,
  };
}

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
      expect(adoptUpstreamHashes(upstream(phase), world("web:v1"), settings)).toMatchObject({
        lastAppliedSpec: revision,
        lastPromotedSpec: revision,
        promotedConfigs: { "secret/a": "1" },
      });
    },
  );
  test("is analysed when the target differs from the primary", () => {
    expect(adoptUpstreamHashes(upstream("Succeeded"), world("web:v0"), settings)).toEqual(upstream("Succeeded"));
  });
  test("goes on with a run that is under way", () => {
    expect(adoptUpstreamHashes(upstream("Progressing"), world("web:v0"), settings)).toMatchObject({
      lastAppliedSpec: revision,
      lastPromotedSpec: "5498f4fcd6",
    });
  });
  test("with our own hash is left alone", () => {
    const ours = { ...upstream("Succeeded"), lastAppliedSpec: revision };
    expect(adoptUpstreamHashes(ours, world("web:v1"), settings)).toBe(ours);
  });
});
