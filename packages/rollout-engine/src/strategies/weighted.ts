import { decidedRoutes } from "../routes.ts";
import type { Gate, RolloutSpec } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText } from "../texts.ts";
import { growMirror, startMirror } from "./mirror.ts";
import { stepFrom } from "./step-weight.ts";
import type { Move } from "./strategy.ts";

/**
 * Weight by weight up to maxWeight, then promotion. With mirror, copied traffic comes first; with iterations, so many
 * checks must pass at maxWeight.
 */
export function weighted(spec: RolloutSpec, status: CanaryStatus): Move {
  const routes = decidedRoutes(status);
  const weight = routes.canary;
  const name = canaryText(spec);
  // Traffic that is only mirrored reaches no user: upstream asks no gate while it is.
  const gates: readonly Gate[] =
    routes.mirrored || status.phase === "WaitingPromotion" ? [] : ["confirm-traffic-increase"];
  if (weight < spec.maxWeight) {
    const mirror =
      weight > 0 || !spec.mirror ? undefined : routes.mirrored ? growMirror(spec, routes) : startMirror(spec);
    if (mirror !== undefined) {
      return {
        kind: "advance",
        gates,
        routes: mirror,
        changes: { canaryWeight: 0 },
        message: `Advance ${name} canary weight 0`,
      };
    }
    const canary = Math.min(100, weight + stepFrom(spec, weight));
    return {
      kind: "advance",
      gates,
      routes: { primary: 100 - canary, canary, mirrored: false },
      changes: { canaryWeight: canary },
      message: `Advance ${name} canary weight ${canary}`,
    };
  }
  const iteration = status.iterations + 1;
  if (iteration < spec.iterations) {
    return {
      kind: "advance",
      gates,
      changes: { iterations: iteration },
      message: `Advance ${name} canary iteration ${iteration}/${spec.iterations}`,
    };
  }
  return { kind: "promote", gates: [...gates, "confirm-promotion"], changes: { iterations: spec.iterations } };
}
