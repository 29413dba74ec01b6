import { momentFromMs } from "../moment.ts";
import { say, warn } from "../notice.ts";
import type { HumanAction } from "../observation.ts";
import { type Pass, presentTarget } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import { canaryText } from "../texts.ts";
import type { CanaryStatus } from "../status.ts";
import { noGate, refusalOf, waitingGate } from "./refusal.ts";

/** What an action changes in the status, or why it cannot be done. */
type Outcome = { readonly next: CanaryStatus } | { readonly refused: string };
type By = { readonly actor: string; readonly at: string };

/**
 * Records a person's decision, once: an action whose id is already recorded only waits for its removal. One for another
 * run or revision is ignored, and said to be.
 */
export function takeAction(pass: Pass, status: CanaryStatus): CanaryStatus {
  const { action } = pass.seen;
  if (action === undefined || action.id === status.lastAction?.id) return status;
  const outcome = judge(pass, status, action);
  const refused = "refused" in outcome ? outcome.refused : undefined;
  const gate = action.gate === undefined ? {} : { gate: action.gate };
  const recorded: CanaryStatus = {
    ...("next" in outcome ? outcome.next : status),
    lastAction: {
      id: action.id,
      action: action.action,
      ...gate,
      actor: action.actor,
      at: momentFromMs(action.at),
      run: action.run,
      outcome: refused === undefined ? "accepted" : "ignored",
      ...(refused === undefined ? {} : { message: refused }),
    },
  };
  const { actor } = action;
  const asked = `${actor} asked to ${verbs[action.action]} ${canaryText(pass.spec)}${action.gate === undefined ? "" : ` (${action.gate})`}`;
  if (refused !== undefined) return warn(pass, recorded, `Ignored: ${asked}: ${refused}`, { actor });
  if (action.action !== "rollback") return say(pass, recorded, asked, { actor });
  const message = `Rolling back ${canaryText(pass.spec)}, ${asked}`;
  return warn(pass, recorded, message, { actor, alert: { severity: "warn", message } });
}

const verbs: Readonly<Record<HumanAction["action"], string>> = {
  approve: "approve",
  pause: "pause",
  resume: "resume",
  promote: "promote",
  skip: "skip the analysis of",
  rollback: "roll back",
  restart: "restart",
};

function judge(pass: Pass, status: CanaryStatus, action: HumanAction): Outcome {
  const target = presentTarget(pass.seen);
  const run = status.run ?? 0;
  if (action.run !== run) return { refused: `run is ${action.run}, expected ${run}` };
  const revision = isAnalysing(status.phase) || status.phase === "Promoting" ? status.targetRevision : target?.revision;
  if (action.revision !== revision)
    return { refused: `revision is ${action.revision}, expected ${revision ?? "none"}` };
  const refused = refusalOf(status, action);
  if (refused !== undefined) return { refused };
  const by = { actor: action.actor, at: momentFromMs(action.at) };
  switch (action.action) {
    case "approve":
      return approve(status, action, by);
    case "pause":
      return { next: { ...status, paused: by } };
    case "resume":
      return { next: resumed(status) };
    case "promote":
    case "skip":
      return { next: withOverride(status, { action: action.action, revision: action.revision, ...by }) };
    case "rollback":
      return { next: rolledBack(pass, status, by) };
    case "restart":
      return { next: { ...resumed(status), startRequested: by } };
  }
}

function approve(status: CanaryStatus, action: HumanAction, by: By): Outcome {
  const gate = action.gate ?? waitingGate(status);
  if (gate === undefined) return { refused: noGate };
  const others = (status.approvals ?? []).filter((a) => a.gate !== gate);
  return { next: { ...status, approvals: [...others, { gate, revision: action.revision, ...by }] } };
}

/** Promoting an idle revision (one that failed, say) starts a run that skips its analysis. */
function withOverride(status: CanaryStatus, override: NonNullable<CanaryStatus["override"]>): CanaryStatus {
  const { actor, at } = override;
  if (isAnalysing(status.phase) || status.phase === "Waiting") return { ...resumed(status), override };
  return { ...status, startRequested: { actor, at }, override };
}

function rolledBack(pass: Pass, status: CanaryStatus, by: By): CanaryStatus {
  const message = `${by.actor} asked to roll back ${canaryText(pass.spec)}`;
  return { ...resumed(status), rollback: { cause: "action", message, at: momentFromMs(pass.seen.now) } };
}

function resumed(status: CanaryStatus): CanaryStatus {
  const { paused: _paused, hold: _reason, ...rest } = status;
  return rest;
}
