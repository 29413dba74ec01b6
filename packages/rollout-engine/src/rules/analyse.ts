import type { Pass, Rule, Step } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { advance } from "../stages/advance.ts";
import { begin } from "../stages/begin.ts";
import { bus } from "../stages/bus.ts";
import { check } from "../stages/check.ts";
import { opening } from "../stages/opening.ts";
import { rollbackHooks } from "../stages/rollback-hooks.ts";
import { rolloutHooks } from "../stages/rollout-hooks.ts";
import type { Stage } from "../stages/stage.ts";

/** The stages of one tick, in upstream's order; each goes on where the last pass stopped. */
const stages: readonly Stage[] = [begin, rollbackHooks, bus, opening, rolloutHooks, check, advance];

/** One tick of the analysis: ask whether to roll back, judge what is exposed, then make one step. */
export const analyse: Rule = {
  name: "analyse",
  decide(pass) {
    return isAnalysing(pass.status.phase) ? runTick(pass) : undefined;
  },
};

function runTick(pass: Pass): Step {
  let status = pass.status;
  for (const stage of stages) {
    const result = stage(pass, status);
    if ("stop" in result) return result.stop;
    status = result.next;
  }
  return { status };
}
