import type { RolloutSpec } from "../rollout-spec.ts";
import { allToCanary } from "../routes.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText } from "../texts.ts";
import type { Move } from "./strategy.ts";

/** All matching requests go to the canary for so many green checks, then promotion. */
export function abTesting(spec: RolloutSpec, status: CanaryStatus): Move {
  const iteration = status.iterations + 1;
  if (status.iterations >= spec.iterations) return { kind: "promote", gates: ["confirm-promotion"] };
  return {
    kind: "advance",
    gates: [],
    routes: allToCanary,
    changes: { iterations: iteration },
    message: `Advance ${canaryText(spec)} canary iteration ${iteration}/${spec.iterations}`,
  };
}
