import { withCondition } from "./condition.ts";
import { momentFromMs } from "./moment.ts";
import type { Pass } from "./pass.ts";
import type { CanaryStatus, Condition, Phase } from "./status.ts";

/** Phases in which the canary is being analysed. */
export function isAnalysing(phase: Phase): boolean {
  return phase === "Progressing" || phase === "WaitingPromotion";
}

/** Phases in which nothing moves until the target changes (or a gate opens). */
export function isIdle(phase: Phase): boolean {
  return phase === "Initialized" || phase === "Succeeded" || phase === "Failed" || phase === "Waiting";
}

/** Moves to a phase with its Promoted condition. `changes` are the other fields of the same write. */
export function enterPhase(
  pass: Pass,
  status: CanaryStatus,
  phase: Phase,
  changes: Partial<CanaryStatus> = {},
): CanaryStatus {
  const { hold: _hold, waitingFor: _gate, ...rest } = status;
  const next = { ...rest, ...changes, phase, lastTransitionTime: momentFromMs(pass.seen.now) };
  return withCondition(
    next,
    { type: "Promoted", reason: phase, ...promoted(phase, pass.spec.target.kind) },
    pass.seen.now,
  );
}

function promoted(phase: Phase, kind: string): { status: Condition["status"]; message: string } {
  switch (phase) {
    case "Initialized":
      return { status: "True", message: `${kind} initialization completed.` };
    case "Waiting":
    case "WaitingPromotion":
      return { status: "Unknown", message: "Waiting for approval." };
    case "Progressing":
      return { status: "Unknown", message: "New revision detected, progressing canary analysis." };
    case "Promoting":
      return { status: "Unknown", message: "Canary analysis completed, starting primary rolling update." };
    case "Finalising":
      return { status: "Unknown", message: "Canary analysis completed, routing all traffic to primary." };
    case "Succeeded":
      return { status: "True", message: "Canary analysis completed successfully, promotion finished." };
    case "Failed":
      return {
        status: "False",
        message: `Canary analysis failed, ${kind === "FlagRollout" ? "variant withdrawn" : `${kind} scaled to zero`}.`,
      };
    case "":
    case "Initializing":
    case "Terminating":
    case "Terminated":
      return { status: "Unknown", message: `New ${kind} detected, starting initialization.` };
  }
}
