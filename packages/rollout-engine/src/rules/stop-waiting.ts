import { say } from "../notice.ts";
import { presentTarget, type Rule } from "../pass.ts";
import { enterPhase, isIdle } from "../phase.ts";
import { hasNewRevision, isPromoted } from "../revision.ts";
import { targetText } from "../texts.ts";
import { finishTick, tickIsOpen } from "../tick.ts";

/** The revision that waited to be rolled out is gone from the target: nobody needs to approve it any more. */
export const stopWaiting: Rule = {
  name: "stopWaiting",
  decide(pass) {
    const { status } = pass;
    const target = presentTarget(pass.seen);
    if (target === undefined || !isIdle(status.phase) || status.afterRun !== undefined) return undefined;
    if (status.startRequested !== undefined || hasNewRevision(status, target)) return undefined;
    const asked = status.phase === "Waiting" || status.pendingHook?.type === "confirm-rollout";
    if (!asked) return undefined;
    const { pendingHook: _hook, approvals: _approvals, override: _override, ...rest } = status;
    const left = { ...rest, targetRevision: target.revision };
    const ended = tickIsOpen(left) ? finishTick(pass, left) : left;
    if (status.phase !== "Waiting") return { status: ended };
    const message = `No longer waiting for approval, ${targetText(pass.spec)} was reverted`;
    const phase = isPromoted(status, target) ? "Succeeded" : "Failed";
    return { status: say(pass, enterPhase(pass, ended, phase), message) };
  },
};
