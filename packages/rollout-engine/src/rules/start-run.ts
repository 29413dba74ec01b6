import { isApproved, openGate } from "../gate.ts";
import { holdAtGate } from "../hold.ts";
import { momentFromMs } from "../moment.ts";
import { say, warn } from "../notice.ts";
import { type Pass, presentTarget, type Rule, type Step } from "../pass.ts";
import { enterPhase, isIdle } from "../phase.ts";
import { hasNewRevision } from "../revision.ts";
import { newRun, withSkip } from "../run.ts";
import { canaryText, startText } from "../texts.ts";
import { beginTick, finishTick, msUntilTick, tickIsOpen } from "../tick.ts";
import type { HookSpec } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";

/** The target has something new (or a person asks): once confirm-rollout is open, the canary is scaled up and the run begins. */
export const startRun: Rule = {
  name: "startRun",
  decide(pass) {
    const { status } = pass;
    const target = presentTarget(pass.seen);
    if (target === undefined || !isIdle(status.phase)) return undefined;
    if (status.startRequested === undefined && !hasNewRevision(status, target)) return undefined;
    const polled = pollTick(pass, status);
    if (polled === undefined) return { recheckAfterMs: msUntilTick(pass, status) };
    // Whoever is asked is told which revision it is about, and names it in the answer.
    const asked = { ...polled, targetRevision: target.revision };
    const gate = openGate(pass, asked, { gate: "confirm-rollout", revision: target.revision });
    switch (gate.kind) {
      case "awaited":
        return { status: gate.status };
      case "closed":
        return waiting(pass, gate);
      case "open":
        return start(pass, gate.status);
    }
  },
};

/** The gate is asked at once for a new revision, then once an interval. */
function pollTick(pass: Pass, status: CanaryStatus): CanaryStatus | undefined {
  if (tickIsOpen(status)) return status;
  const approved = isApproved(status, { gate: "confirm-rollout", revision: presentTarget(pass.seen)?.revision ?? "" });
  if (status.phase === "Waiting" && !approved && msUntilTick(pass, status) > 0) return undefined;
  return beginTick(pass, status);
}

function waiting(pass: Pass, closed: { status: CanaryStatus; hook: HookSpec }): Step {
  const ended = finishTick(pass, closed.status);
  const message = `Halt ${canaryText(pass.spec)} advancement waiting for approval ${closed.hook.name}`;
  const gate = { message, gate: "confirm-rollout", hook: closed.hook } as const;
  if (ended.phase === "Waiting") {
    return { status: holdAtGate(pass, ended, gate), recheckAfterMs: msUntilTick(pass, ended) };
  }
  const status = holdAtGate(pass, enterPhase(pass, ended, "Waiting"), gate);
  const alert = closed.hook.muteAlert
    ? {}
    : { alert: { severity: "warn" as const, message: "Canary is waiting for approval." } };
  return { status: warn(pass, status, message, alert) };
}

function start(pass: Pass, status: CanaryStatus): Step {
  const target = presentTarget(pass.seen);
  if (target === undefined) return {};
  const asked = status.startRequested?.actor;
  const run = withSkip(pass, newRun(pass, status, target));
  const skip: CanaryStatus =
    pass.seen.annotations.skipAnalysis && run.override === undefined
      ? {
          ...run,
          override: {
            action: "skip",
            revision: target.revision,
            actor: "annotation flagger.app/skip-analysis",
            at: momentFromMs(pass.seen.now),
          },
        }
      : run;
  // Recorded before the canary is scaled up: after a crash somebody knows whose pods these are.
  return {
    status: say(pass, skip, startText(pass.spec), {
      ...(asked === undefined ? {} : { actor: asked }),
      alert: {
        severity: "info",
        message: "New revision detected, progressing canary analysis.",
        withFields: true,
      },
    }),
  };
}
