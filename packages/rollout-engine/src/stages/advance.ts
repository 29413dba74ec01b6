import { openGate } from "../gate.ts";
import { hold, holdAtGate } from "../hold.ts";
import { momentFromMs } from "../moment.ts";
import { say, warn } from "../notice.ts";
import type { Pass, Step } from "../pass.ts";
import { enterPhase } from "../phase.ts";
import { beginPromotion, mayPromote } from "../promotion.ts";
import type { Gate, HookSpec } from "../rollout-spec.ts";
import { decidedRoutes, routeEffects } from "../routes.ts";
import type { CanaryStatus } from "../status.ts";
import { nextMove } from "../strategies/strategies.ts";
import type { Move } from "../strategies/strategy.ts";
import { canaryText } from "../texts.ts";
import { finishTick, msUntilTick } from "../tick.ts";
import type { StageResult } from "./stage.ts";

/** The analysis of this tick passed: the strategy's next move, if its gate is open. */
export function advance(pass: Pass, status: CanaryStatus): StageResult {
  if (status.paused !== undefined) return { stop: paused(pass, status, status.paused.actor) };
  const move = nextMove(pass.spec, status);
  let open = status;
  for (const gate of move.gates) {
    const turn = openGate(pass, open, { gate, revision: status.targetRevision ?? "" });
    if (turn.kind === "awaited") return { stop: { status: turn.status } };
    if (turn.kind === "closed") return { stop: gateClosed(pass, turn.status, { gate, hook: turn.hook }) };
    open = turn.status;
  }
  return { stop: make(pass, open, move) };
}

function make(pass: Pass, status: CanaryStatus, move: Move): Step {
  if (move.kind === "promote") {
    if (!mayPromote(status))
      return hold(pass, "promotion needs a passing analysis", { status: finishTick(pass, status) });
    return { status: beginPromotion(pass, { ...status, ...move.changes }) };
  }
  const routes = move.routes ?? decidedRoutes(status);
  const { waitingFor: _opened, hold: _reason, ...rest } = status;
  // An approval of a traffic increase is for one increase.
  const approvals = rest.approvals?.filter((a) => a.gate !== "confirm-traffic-increase");
  const { approvals: _used, ...open } = rest;
  const moved: CanaryStatus = {
    ...open,
    ...(approvals === undefined || approvals.length === 0 ? {} : { approvals }),
    ...move.changes,
    routes,
    lastTransitionTime: momentFromMs(pass.seen.now),
  };
  const told = move.message === undefined ? moved : say(pass, moved, move.message);
  return { effects: routeEffects(pass, routes), status: finishTick(pass, told, status.tick?.result) };
}

function gateClosed(pass: Pass, status: CanaryStatus, closed: { readonly gate: Gate; readonly hook: HookSpec }): Step {
  const promotion = closed.gate === "confirm-promotion";
  const what = promotion ? "promotion" : "traffic increase";
  const message = `Halt ${canaryText(pass.spec)} advancement waiting for ${what} approval ${closed.hook.name}`;
  const ended = finishTick(pass, status, "pass");
  if (status.waitingFor === closed.gate && (!promotion || status.phase === "WaitingPromotion")) {
    return { status: holdAtGate(pass, ended, { ...closed, message }), recheckAfterMs: msUntilTick(pass, ended) };
  }
  const entered = promotion ? enterPhase(pass, ended, "WaitingPromotion") : ended;
  const waiting = holdAtGate(pass, { ...entered, waitingFor: closed.gate }, { ...closed, message });
  const alert = promotion
    ? "Canary promotion is waiting for approval."
    : "Canary traffic increase is waiting for approval.";
  const told = closed.hook.muteAlert ? {} : { alert: { severity: "warn", message: alert } as const };
  return { status: warn(pass, waiting, message, told) };
}

function paused(pass: Pass, status: CanaryStatus, actor: string): Step {
  return hold(pass, `${canaryText(pass.spec)} is paused by ${actor}`, {
    as: "Normal",
    status: finishTick(pass, status, "pass"),
    hint: "the action resume lets it go on",
  });
}
