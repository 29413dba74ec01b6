import type { CanaryAnalysis } from "@burgee/contracts/crd";
import type { RolloutSpec, Strategy } from "../rollout-spec.ts";
import { type readSteps, strategyOf } from "./steps.ts";

type Steps = ReturnType<typeof readSteps>;

/** Upstream's number of checks for a provider that can only do blue/green. */
const kubernetesIterations = 10;

/**
 * Plain Kubernetes Services cannot split traffic: no match, no steps, ten iterations when none are given. Told in
 * upstream's words.
 */
export function adaptToProvider(
  provider: string,
  analysis: CanaryAnalysis,
  steps: Steps,
): Steps & { readonly strategy: Strategy; readonly routed: boolean; readonly adaptations: RolloutSpec["adaptations"] } {
  if (provider !== "kubernetes")
    return { ...steps, strategy: strategyOf(analysis, steps), routed: true, adaptations: [] };
  const warnings: string[] = [];
  if ((analysis.match ?? []).length > 0) {
    warnings.push("A/B testing is not supported when using the kubernetes provider");
  }
  if (steps.iterations < 1) {
    warnings.push("Progressive traffic is not supported when using the kubernetes provider");
    warnings.push(`Setting canaryAnalysis.iterations: ${kubernetesIterations}`);
  }
  return {
    ...steps,
    iterations: steps.iterations < 1 ? kubernetesIterations : steps.iterations,
    strategy: "blue-green",
    routed: false,
    adaptations: warnings.map((message) => ({ type: "Warning" as const, message })),
  };
}
