import { hooksOf, nextHook } from "../hook-sequence.ts";
import { checkFailed } from "../intake/verdict.ts";
import { say, warn } from "../notice.ts";
import type { Pass } from "../pass.ts";
import { decidedRoutes } from "../routes.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText, targetText } from "../texts.ts";
import type { StageResult } from "./stage.ts";

/** True before the first step: there is no traffic to judge yet. */
export function isOpening(status: CanaryStatus): boolean {
  return status.canaryWeight === 0 && status.iterations === 0 && !decidedRoutes(status).mirrored;
}

/** The first tick of a run: pre-rollout hooks in place of an analysis. */
export function opening(pass: Pass, status: CanaryStatus): StageResult {
  if (!isOpening(status) || status.opened === true) return { next: status };
  const asked = status.pendingHook?.type === "pre-rollout";
  const begun = asked || (status.tick?.hooksDone ?? []).some((id) => id.startsWith("pre-rollout/"));
  const told = !begun ? say(pass, status, `Starting canary analysis for ${targetText(pass.spec)}`) : status;
  return preRollout(pass, told);
}

function preRollout(pass: Pass, status: CanaryStatus): StageResult {
  const turn = nextHook(pass, status, hooksOf(pass.spec, "pre-rollout"));
  switch (turn.kind) {
    case "done":
      return { next: { ...status, opened: true } };
    case "awaited":
      return { stop: { status: turn.status } };
    case "answered": {
      const { name } = turn.hook;
      if (turn.ok) return preRollout(pass, say(pass, turn.status, `Pre-rollout check ${name} passed`));
      const text = `Halt ${canaryText(pass.spec)} advancement pre-rollout check ${name} failed ${turn.message}`;
      return { stop: { status: checkFailed(pass, warn(pass, turn.status, text)) } };
    }
  }
}
