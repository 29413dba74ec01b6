import { conditionIsTrue, withCondition } from "./condition.ts";
import type { CanaryStatus } from "./status.ts";

/**
 * What tools that know nothing of canaries read (kstatus: Flux, Argo, `kubectl wait`): Ready at rest, Reconciling while
 * something is under way or waited for, Stalled when a person has to do something. The last two are there only while true.
 * Their message says what holds and what can be done about it.
 */
export function withReadiness(status: CanaryStatus, now: number): CanaryStatus {
  const { phase } = status;
  if (phase === "" && !conditionIsTrue(status, "InvalidSpec")) return status;
  const { state, reason, message } = standing(status);
  const ready = { type: "Ready", status: state === "Ready" ? "True" : "False", reason, message } as const;
  const told = withCondition(status, ready, now);
  const conditions = told.conditions?.filter((c) => !isStale(c.type, state)) ?? [];
  const rest = conditions.length === told.conditions?.length ? told : { ...told, conditions };
  return state === "Ready" ? rest : withCondition(rest, { type: state, status: "True", reason, message }, now);
}

interface Standing {
  readonly state: "Ready" | "Reconciling" | "Stalled";
  readonly reason: string;
  readonly message: string;
}

function standing({ phase, conditions = [], hold }: CanaryStatus): Standing {
  const invalid = conditions.find((c) => c.type === "InvalidSpec" && c.status === "True");
  if (invalid !== undefined) return { state: "Stalled", reason: "InvalidSpec", message: invalid.message ?? "" };
  const promoted = conditions.find((c) => c.type === "Promoted")?.message ?? "";
  if (phase === "Failed") return { state: "Stalled", reason: phase, message: promoted };
  const atRest = phase === "Initialized" || phase === "Succeeded";
  // At rest a hold is about what should happen and does not; a suspended Canary is meant to rest.
  if (atRest && (hold === undefined || hold.rule === "holdWhenSuspended")) {
    return { state: "Ready", reason: phase, message: promoted };
  }
  const message = hold === undefined ? promoted : [hold.message, hold.hint].filter(Boolean).join("; ");
  return { state: "Reconciling", reason: phase, message };
}

function isStale(type: string, state: Standing["state"]): boolean {
  return (type === "Reconciling" || type === "Stalled") && type !== state;
}
