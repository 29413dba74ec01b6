import type { Canary, CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import type { RolloutSpec } from "../rollout-spec.ts";
import { type SpecDefaults, rolloutSpecFromCanary } from "../spec/rollout-spec-from-canary.ts";

/** A small valid Canary named app in namespace test; `analysis` and `spec` are laid over it. */
export function canaryWith(analysis: Partial<CanaryAnalysis>, spec: Partial<CanarySpec> = {}): Canary {
  return {
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name: "app", namespace: "test", uid: "u1", resourceVersion: "1", generation: 1 },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "app" },
      service: { port: 80 },
      ...spec,
      analysis: { interval: "10s", threshold: 2, ...analysis },
    },
  };
}

/** Its RolloutSpec; throws with every problem when it is invalid. */
export function specOf(canary: Canary, defaults: Partial<SpecDefaults> = {}): RolloutSpec {
  const result = rolloutSpecFromCanary(canary, { provider: "gatewayapi:v1", minIntervalMs: 1000, ...defaults });
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result.spec;
}
