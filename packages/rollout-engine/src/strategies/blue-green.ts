import type { RolloutSpec } from "../rollout-spec.ts";
import { allToCanary, decidedRoutes } from "../routes.ts";
import type { CanaryStatus, Routes } from "../status.ts";
import { canaryText } from "../texts.ts";
import { growMirror, startMirror } from "./mirror.ts";
import type { Move } from "./strategy.ts";

/**
 * All traffic stays on the primary (mirrored, if wanted) for so many green checks, then it is switched to the canary at
 * once, judged there once more, and promoted. A provider that cannot route promotes without the switch.
 */
export function blueGreen(spec: RolloutSpec, status: CanaryStatus): Move {
  const iteration = status.iterations + 1;
  if (status.iterations < spec.iterations) {
    return {
      kind: "advance",
      gates: [],
      ...mirrored(spec, status),
      changes: { iterations: iteration },
      message: `Advance ${canaryText(spec)} canary iteration ${iteration}/${spec.iterations}`,
    };
  }
  if (status.iterations > spec.iterations || !spec.routed) return { kind: "promote", gates: ["confirm-promotion"] };
  return {
    kind: "advance",
    gates: ["confirm-promotion"],
    routes: allToCanary,
    changes: { iterations: iteration, canaryWeight: 100 },
    message: spec.mirror ? "Stop traffic mirroring and route all traffic to canary" : "Routing all traffic to canary",
  };
}

function mirrored(spec: RolloutSpec, status: CanaryStatus): { routes?: Routes } {
  // After a failed promotion the canary serves everybody: what is mirrored comes from the primary, which is broken.
  if (!spec.mirror || !spec.routed || status.promotionFailed === true) return {};
  const routes = decidedRoutes(status);
  const next = routes.mirrored ? growMirror(spec, routes) : startMirror(spec);
  return next === undefined ? {} : { routes: next };
}
