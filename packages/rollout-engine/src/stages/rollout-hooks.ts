import { hooksOf, nextHook } from "../hook-sequence.ts";
import { checkFailed } from "../intake/verdict.ts";
import { warn } from "../notice.ts";
import type { Pass } from "../pass.ts";
import { decidedRoutes } from "../routes.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryText } from "../texts.ts";
import { isOpening } from "./opening.ts";
import type { StageResult } from "./stage.ts";

/** The external checks of a tick, before the metrics. One that fails is a failed check and ends the tick. */
export function rolloutHooks(pass: Pass, status: CanaryStatus): StageResult {
  if (isOpening(status) || status.tick?.result !== undefined || status.pendingCheck !== undefined) {
    return { next: status };
  }
  const weight = decidedRoutes(status).canary;
  const turn = nextHook(
    pass,
    status,
    hooksOf(pass.spec, "rollout").filter((hook) => weight >= hook.minWeight),
  );
  switch (turn.kind) {
    case "done":
      return { next: status };
    case "awaited":
      return { stop: { status: turn.status } };
    case "answered": {
      if (turn.ok) return rolloutHooks(pass, turn.status);
      const text = `Halt ${canaryText(pass.spec)} advancement external check ${turn.hook.name} failed ${turn.message}`;
      return { stop: { status: checkFailed(pass, warn(pass, turn.status, text)) } };
    }
  }
}
