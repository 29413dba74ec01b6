import type { CanaryAnalysis } from "@burgee/contracts/crd";
import type { RolloutSpec, Strategy } from "../rollout-spec.ts";
import type { SpecReader } from "./reader.ts";

type Steps = Pick<
  RolloutSpec,
  | "iterations"
  | "maxWeight"
  | "stepWeight"
  | "stepWeights"
  | "stepWeightPromotion"
  | "mirror"
  | "mirrorWeight"
  | "mirrorStepWeight"
  | "maxMirrorWeight"
>;

/** Weights and iterations. The nested spelling of the documents counts where the plain one is absent. */
export function readSteps(analysis: CanaryAnalysis, reader: SpecReader): Steps {
  const nested = analysis.canaryAnalysis ?? {};
  const percent = (name: string, value: number | undefined, fallback: number) =>
    reader.whole(`spec.analysis.${name}`, value, { fallback, min: 0, max: 100 });
  const stepWeights = (analysis.stepWeights ?? []).map((weight, index) =>
    reader.whole(`spec.analysis.stepWeights[${index}]`, weight, { fallback: 100, min: 1, max: 100 }),
  );
  const written = percent("maxWeight", analysis.maxWeight, 0);
  return {
    iterations: reader.whole("spec.analysis.iterations", analysis.iterations ?? nested.iterations, {
      fallback: 0,
      min: 0,
    }),
    maxWeight: stepWeights.length > 0 ? Math.min(100, stepWeights.at(-1) ?? 100) : written > 0 ? written : 100,
    stepWeight: percent("stepWeight", analysis.stepWeight, 0),
    stepWeights,
    stepWeightPromotion: percent("stepWeightPromotion", analysis.stepWeightPromotion, 0),
    mirror: analysis.mirror ?? false,
    mirrorWeight: percent("mirrorWeight", analysis.mirrorWeight, 0),
    mirrorStepWeight: percent("mirrorStepWeight", analysis.mirrorStepWeight ?? nested.stepWeightPromotion, 0),
    maxMirrorWeight: percent("maxMirrorWeight", analysis.maxMirrorWeight ?? nested.maxMirrorWeight, 100),
  };
}

/** Upstream's derivation; iterations together with steps is ours: a weighted canary that holds at maxWeight. */
export function strategyOf(analysis: CanaryAnalysis, steps: Steps): Strategy {
  if (steps.iterations > 0 && (analysis.match ?? []).length > 0) return "ab-testing";
  const hasSteps = steps.stepWeight > 0 || steps.stepWeights.length > 0;
  return steps.iterations > 0 && !hasSteps ? "blue-green" : "canary";
}
