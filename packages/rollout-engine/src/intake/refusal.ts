import type { HumanAction } from "../observation.ts";
import { isAnalysing, isIdle } from "../phase.ts";
import type { Gate } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";

/** Why an approval that names no gate cannot be one. */
export const noGate = "no gate is waiting; name one in the field gate";

/** The gate that an approval is for when it names none. */
export function waitingGate(status: Pick<CanaryStatus, "phase" | "waitingFor">): Gate | undefined {
  if (status.phase === "Waiting") return "confirm-rollout";
  return status.phase === "WaitingPromotion" ? "confirm-promotion" : status.waitingFor;
}

/** Why an action can do nothing where the rollout stands; undefined when it can. Whether it is about this run is another question. */
export function refusalOf(
  status: Pick<CanaryStatus, "phase" | "waitingFor" | "paused">,
  { action, gate }: Pick<HumanAction, "action" | "gate">,
): string | undefined {
  const { phase } = status;
  const running = isAnalysing(phase);
  const nothing = `nothing to ${words[action]} in phase ${phase || "none"}`;
  switch (action) {
    case "approve":
      if ((gate ?? waitingGate(status)) === undefined) return noGate;
      return running || phase === "Waiting" ? undefined : nothing;
    case "pause":
      return running ? undefined : nothing;
    case "resume":
      return status.paused === undefined ? "it is not paused" : undefined;
    case "rollback":
      if (phase !== "Promoting" && phase !== "Finalising") return running ? undefined : nothing;
      return "the primary already runs the new revision; roll forward with the old template instead";
    case "promote":
    case "skip":
    case "restart":
      return running || isIdle(phase) ? undefined : nothing;
  }
}

const words: Readonly<Record<HumanAction["action"], string>> = {
  approve: "approve",
  pause: "pause",
  resume: "resume",
  promote: "promote",
  skip: "skip",
  rollback: "roll back",
  restart: "restart",
};
