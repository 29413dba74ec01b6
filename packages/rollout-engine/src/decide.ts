import type { Decision } from "./decision.ts";
import type { Observation } from "./observation.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus } from "./status.ts";

/** Decides the next step of one Canary. Pure: the same arguments give the same decision. */
export function decide(_spec: RolloutSpec, status: CanaryStatus, _seen: Observation): Decision {
  return { rule: "rest", effects: [], status, announce: [] };
}
