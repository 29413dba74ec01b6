import type { Effect } from "../../decision.ts";
import type { ModelState } from "./state.ts";

/** Thrown at the moment at which something happens that may never happen. */
export class Violation extends Error {}

/** What may never happen, asked before every effect. `status` is the one that is recorded at that moment. */
export function judge(effect: Effect, state: ModelState): void {
  switch (effect.kind) {
    case "setRoutes":
      judgeRoutes(effect, state);
      return;
    case "promote":
      judgePromotion(effect, state);
      return;
    case "scaleTargetToZero": {
      const { routes } = state.world;
      must(routes.state !== "ok" || routes.canary === 0, "the canary is scaled down while users are sent to it");
      return;
    }
    default:
      return;
  }
}

function judgeRoutes(effect: Extract<Effect, { kind: "setRoutes" }>, { world, status, outside }: ModelState): void {
  const { target, primary } = world;
  const canaryServes = target !== undefined && target.replicas > 0 && target.readiness.ready;
  must(effect.primary + effect.canary === 100, "the weights do not add up to 100");
  if (effect.canary > 0) must(canaryServes, "users are sent to a canary that is not ready");
  const promoting = status.phase === "Promoting" || status.phase === "Finalising";
  // The promoted revision is the last good one whatever state its pods are in; a copy has to be ready first.
  if (promoting && effect.primary > world.routes.primary && primary?.release !== status.lastPromotedSpec) {
    must(primary?.readiness.ready === true, "users are sent back to a primary that is not ready");
  }
  // A primary that broke while it was promoted is no step of the canary.
  const decided = status.routes?.canary ?? 0;
  if (promoting || effect.canary <= decided) return;
  must(world.bus === "up", "the canary gets more traffic while the bus is away");
  if (decided === 0) return;
  const judged = `${status.run}/${status.targetRevision}@${decided}`;
  must(outside.passed.includes(judged), `the canary gets more traffic, but no check passed at weight ${decided}`);
}

function judgePromotion(effect: Extract<Effect, { kind: "promote" }>, { world, status, outside }: ModelState): void {
  if (status.phase === "Initializing") return;
  must(world.bus === "up", "promoted while the bus is away");
  const passed = outside.passed.some((check) => check.startsWith(`${status.run}/${effect.revision}@`));
  must(passed, `${effect.revision} is promoted, but none of its checks passed in this run`);
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Violation(what);
}
