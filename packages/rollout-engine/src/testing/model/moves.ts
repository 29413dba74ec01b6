import type { Decision } from "../../decision.ts";
import type { RolloutSpec } from "../../rollout-spec.ts";
import type { CanaryStatus, CheckResult } from "../../status.ts";
import { verdictOf } from "../simulation.ts";
import { judge } from "./invariants.ts";
import { type Asked, act, copied, type ModelState, observe, writesOf } from "./state.ts";

export type Decide = (spec: RolloutSpec, status: CanaryStatus, seen: ReturnType<typeof observe>) => Decision;

/** Something that can happen next. */
export interface Move {
  readonly name: string;
  readonly make: () => ModelState;
  /** The process dies, and nothing else: the end must be the same. */
  readonly forgets?: boolean;
}

/** Everything that can happen next, what goes well first. */
export function movesFrom(state: ModelState, spec: RolloutSpec, decide: Decide): Move[] {
  const decision = decide(spec, state.status, observe(state));
  const calm = calmMoves(state, decision);
  return state.outside.disturbances === 0 ? calm : [...calm, ...disturbances(state, spec, decision)];
}

/** What happens when nothing goes wrong: the controller works, else the analyzer answers, else time passes. */
export function calmMoves(state: ModelState, decision: Decision): Move[] {
  const { world, outside } = state;
  const writes = writesOf(decision, state.status);
  if (writes > 0) return [move(`pass: ${decision.rule}`, () => act(state, decision, judge))];
  const moves: Move[] = [];
  if (outside.asked !== undefined) moves.push(move("check passes", () => answered(state, "pass")));
  const waits = [decision.recheckAfterMs, world.targetReadyAt - world.now, world.primaryReadyAt - world.now];
  const wait = Math.min(...waits.filter((ms) => ms !== undefined && ms > 0).map(Number));
  if (Number.isFinite(wait)) moves.push(move(`${wait / 1000} s pass`, () => changed(state, { now: world.now + wait })));
  return moves;
}

/** What goes wrong, or is done from outside, at any moment. */
function disturbances(from: ModelState, spec: RolloutSpec, decision: Decision): Move[] {
  const { world } = from;
  const { target, primary } = world;
  const { asked, before, gateOpen, disturbances: left } = from.outside;
  const state: ModelState = { ...from, outside: { ...from.outside, disturbances: left - 1 } };
  const deaths: Move[] = [{ name: "restart", make: () => dead(state), forgets: true }];
  for (let writes = 0; writes < writesOf(decision, from.status); writes += 1) {
    const name = `crash after ${writes} writes of ${decision.rule}`;
    deaths.push({ name, make: () => dead(act(state, decision, judge, writes)), forgets: true });
  }
  const disturbed: [string, () => ModelState][] = [];
  if (asked !== undefined) {
    const { asked: _lost, ...outside } = state.outside;
    disturbed.push(["check fails", () => answered(state, "fail")]);
    disturbed.push(["check is unknown", () => answered(state, "unknown")]);
    disturbed.push(["answer is lost", () => ({ ...state, outside })]);
  }
  if (before !== undefined) {
    disturbed.push(["late pass", () => late(state, "pass")], ["late fail", () => late(state, "fail")]);
  }
  disturbed.push([gateOpen ? "gate closes" : "gate opens", () => withGate(state, !gateOpen)]);
  for (const revision of ["v1", "v2", "v3"]) {
    if (target === undefined || target.revision === revision) continue;
    disturbed.push([`target is ${revision}`, () => changed(state, { target: { ...target, revision } })]);
  }
  if (target !== undefined) disturbed.push(["canary pods", () => changed(state, { target: flipped(target) })]);
  if (primary !== undefined) disturbed.push(["primary pods", () => changed(state, { primary: flipped(primary) })]);
  disturbed.push([`bus ${world.bus === "up" ? "down" : "up"}`, () => withBus(state)]);
  if (spec.routed) {
    const routes = { ...world.routes, primary: 0, canary: 100 };
    disturbed.push(["routes are changed by hand", () => changed(state, { routes })]);
  }
  return [...deaths, ...disturbed.map(([name, make]) => ({ name, make }))];
}

/** The same state with nothing wrong outside any more. */
export function calmed(state: ModelState): ModelState {
  const ready = { ready: true } as const;
  const { target, primary } = state.world;
  const calm = withGate(
    changed(state, {
      bus: "up",
      target: target && { ...target, readiness: ready },
      primary: primary && { ...primary, readiness: ready },
    }),
    true,
  );
  return { ...calm, outside: { ...calm.outside, disturbances: 0 } };
}

function move(name: string, make: () => ModelState): Move {
  return { name, make };
}

function changed(state: ModelState, changes: Partial<ModelState["world"]>): ModelState {
  return { ...state, world: { ...copied(state.world), ...changes } };
}

function withGate(state: ModelState, gateOpen: boolean): ModelState {
  return { ...state, outside: { ...state.outside, gateOpen } };
}

function withBus(state: ModelState): ModelState {
  return changed(state, { bus: state.world.bus === "up" ? "down" : "up" });
}

function flipped<T extends { readiness: { readonly ready: boolean } }>(workload: T): T {
  const { ready } = workload.readiness;
  return {
    ...workload,
    readiness: ready ? { ready: false, retriable: true, message: "not available" } : { ready: true },
  };
}

/** The process is gone with all that it knew. */
function dead(state: ModelState): ModelState {
  return { ...state, memory: { announced: [], hookResults: {} } };
}

function answered(state: ModelState, result: CheckResult): ModelState {
  const { asked, ...outside } = state.outside;
  return asked === undefined ? state : heard({ ...state, outside: { ...outside, before: asked } }, asked, result);
}

/** Another answer to a check that was answered before, or given up. If nobody took the first one yet, this one counts. */
function late(state: ModelState, result: CheckResult): ModelState {
  const { before } = state.outside;
  return before === undefined ? state : heard(state, before, result);
}

function heard(state: ModelState, asked: Asked, result: CheckResult): ModelState {
  const { pendingCheck } = state.status;
  const { passed } = state.outside;
  const name = `${asked.run}/${asked.revision}@${asked.weight}`;
  const counts = pendingCheck?.run === asked.run && pendingCheck.check === asked.check;
  const more = result === "pass" && counts && !passed.includes(name);
  return {
    ...state,
    memory: { ...state.memory, verdict: verdictOf(asked, result) },
    outside: more ? { ...state.outside, passed: [...passed, name] } : state.outside,
  };
}
