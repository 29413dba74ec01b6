import { isApproved } from "../gate.ts";
import type { Pass } from "../pass.ts";
import type { CanaryStatus } from "../status.ts";
import { beginTick, msUntilTick, tickIsOpen } from "../tick.ts";
import type { StageResult } from "./stage.ts";

/** Waits for the next interval, unless a tick is under way or a person opened the gate that the last one stopped at. */
export function begin(pass: Pass, status: CanaryStatus): StageResult {
  if (tickIsOpen(status)) return { next: status };
  const wait = msUntilTick(pass, status);
  if (wait > 0 && !approvedSince(status)) return { stop: { status, recheckAfterMs: wait } };
  if (wait > 0 && status.tick !== undefined) {
    const { finishedAt: _finished, ...tick } = status.tick;
    return { next: { ...status, tick } };
  }
  return { next: beginTick(pass, status) };
}

/** The last tick passed its analysis and stopped at a gate that is now approved: no need to wait and to analyse again. */
function approvedSince(status: CanaryStatus): boolean {
  const revision = status.targetRevision;
  if (status.waitingFor === undefined || revision === undefined || status.paused !== undefined) return false;
  return status.tick?.result === "pass" && isApproved(status, { gate: status.waitingFor, revision });
}
