import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import type { RolloutSpec } from "../../rollout-spec.ts";
import { canaryWith, specOf } from "../canary.ts";
import { createSimulation } from "../simulation.ts";
import type { ModelState } from "./state.ts";

/** An initialised Canary whose target has a new revision, and so many things that may go wrong. */
export function modelOf(
  analysis: CanaryAnalysis,
  disturbances: number,
  canary: Partial<CanarySpec> = {},
): { spec: RolloutSpec; start: ModelState } {
  const spec = specOf(canaryWith(analysis, canary));
  const { world, status, settle } = initialised(spec);
  settle();
  const target = world.target && { ...world.target, revision: "v2" };
  return {
    spec,
    start: {
      world: { ...world, target },
      status: status(),
      memory: { announced: [], hookResults: {} },
      outside: { gateOpen: true, passed: [], disturbances },
    },
  };
}

function initialised(spec: RolloutSpec) {
  const simulation = createSimulation({ spec });
  return { world: simulation.world, status: () => simulation.status, settle: () => simulation.settle() };
}
