// A FlagRollout as the engine wants it, or everything that is wrong with it.
import type { Canary } from "@burgee/contracts/crd";
import { type RolloutSpec, rolloutSpecFromCanary, type SpecProblem } from "@burgee/rollout-engine";
import type { ReadSpec, SpecSettings } from "../read-spec.ts";
import { flagRouter } from "./flag-router.ts";
import { flagTarget } from "./flag-target.ts";

/** As readSpec, for a FlagRollout in a Canary's shape. */
export function readFlagRollout(
  canary: Canary,
  settings: SpecSettings,
): ReadSpec | { problems: readonly SpecProblem[]; fallback: ReadSpec } {
  const read = rolloutSpecFromCanary(canary, settings);
  const of = (spec: RolloutSpec): ReadSpec => ({
    spec: { ...spec, flags: canary.spec.analysis.flags ?? [], rampedFlags: true },
    router: flagRouter,
    kind: flagTarget,
  });
  return "spec" in read ? of(read.spec) : { problems: read.problems, fallback: of(read.fallback) };
}
