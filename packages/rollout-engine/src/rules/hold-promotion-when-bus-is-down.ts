import { holdForBus } from "../bus.ts";
import { type Pass, presentTarget, type Rule } from "../pass.ts";
import { isAnalysing, isIdle } from "../phase.ts";
import { primaryHasCopy } from "../promotion.ts";
import { hasNewRevision } from "../revision.ts";

/**
 * With the bus away no run starts and nothing is copied to a primary. A primary that has its copy goes on to take its
 * traffic back. An analysis under way holds by itself, after its rollback hooks.
 */
export const holdPromotionWhenBusIsDown: Rule = {
  name: "holdPromotionWhenBusIsDown",
  decide(pass) {
    if (pass.seen.bus === "up" || !wouldAdvance(pass)) return undefined;
    return holdForBus(pass);
  },
};

function wouldAdvance(pass: Pass): boolean {
  const { seen, spec, status } = pass;
  const target = presentTarget(seen);
  if (isAnalysing(status.phase)) return status.override !== undefined || spec.skipAnalysis;
  if (isIdle(status.phase)) {
    return status.startRequested !== undefined || (target !== undefined && hasNewRevision(status, target));
  }
  return status.phase === "Promoting" && !primaryHasCopy(pass);
}
