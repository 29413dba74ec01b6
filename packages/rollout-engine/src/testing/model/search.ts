import { decide as engine } from "../../decide.ts";
import type { Decision } from "../../decision.ts";
import type { RolloutSpec } from "../../rollout-spec.ts";
import { Violation } from "./invariants.ts";
import { keyOf } from "./key.ts";
import { type Decide, calmed, calmMoves, movesFrom } from "./moves.ts";
import { type ModelState, observe, writesOf } from "./state.ts";

export interface Searched {
  readonly states: number;
  /** False when the limit of states ended the search. */
  readonly whole: boolean;
  /** The first one found, which has a shortest trace. */
  readonly violation?: { readonly what: string; readonly trace: readonly string[] };
}

export interface SearchOptions {
  readonly spec: RolloutSpec;
  readonly start: ModelState;
  readonly maxStates: number;
  readonly decide?: Decide;
}

interface Visited {
  readonly name: string;
  readonly from: Visited | undefined;
}

/** More passes than any run needs to come to its end. */
const calmLimit = 300;

/**
 * Visits every state that can be reached, nearest first, and asks in each: does anything happen that may never happen, and
 * does it all come to a good end when nothing goes wrong any more?
 */
export function search({ spec, start, maxStates, decide = engine }: SearchOptions): Searched {
  const known = new Set([keyOf(start)]);
  const endOf = ends(spec, decide);
  let frontier: { state: ModelState; visited: Visited }[] = [
    { state: start, visited: { name: "start", from: undefined } },
  ];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { state, visited } of frontier) {
      for (const { name, make, forgets } of movesFrom(state, spec, decide)) {
        const step: Visited = { name, from: visited };
        try {
          const reached = make();
          const key = keyOf(reached);
          if (known.has(key)) continue;
          known.add(key);
          const end = endOf(reached);
          if (forgets === true && !awaitsVerdict(state) && end !== endOf(state)) {
            throw new Violation(`it would have ended as ${endOf(state)}, and ends as ${end}`);
          }
          next.push({ state: reached, visited: step });
        } catch (error) {
          if (!(error instanceof Violation)) throw error;
          return { states: known.size, whole: false, violation: { what: error.message, trace: traceOf(step) } };
        }
        if (known.size >= maxStates) return { states: known.size, whole: false };
      }
    }
    frontier = next;
  }
  return { states: known.size, whole: true };
}

function traceOf(visited: Visited): string[] {
  const names: string[] = [];
  for (let at: Visited | undefined = visited; at?.from !== undefined; at = at.from) names.unshift(at.name);
  return names;
}

/** A verdict that was heard and not recorded dies with the process: the check is asked again, and may end otherwise. */
function awaitsVerdict({ memory, status }: ModelState): boolean {
  return memory.verdict !== undefined && memory.verdict.check === status.pendingCheck?.check;
}

/** Follows a state to its end with nothing wrong any more, and says where that is. */
function ends(spec: RolloutSpec, decide: Decide): (from: ModelState) => string {
  const known = new Map<string, string>();
  return (from) => {
    const way: string[] = [];
    let end: string | undefined;
    for (let state = calmed(from); end === undefined; ) {
      const key = keyOf(state);
      const decision = decide(spec, state.status, observe(state));
      const [move] = calmMoves(state, decision);
      end = known.get(key) ?? (isAtRest(state, decision) ? judgedEnd(state) : undefined);
      way.push(key);
      if (end !== undefined) break;
      if (move === undefined) throw new Violation(`nothing happens any more: ${JSON.stringify(state.status)}`);
      if (way.length > calmLimit) throw new Violation(`no end in sight: ${JSON.stringify(state.status)}`);
      state = move.make();
    }
    for (const key of way) known.set(key, end);
    return end;
  };
}

function isAtRest(state: ModelState, decision: Decision): boolean {
  return isOver(state) && writesOf(decision, state.status) === 0;
}

function isOver({ status }: ModelState): boolean {
  return status.phase === "Succeeded" || status.phase === "Failed" || status.phase === "Initialized";
}

/** A good end in words; one that is not is a violation. */
function judgedEnd(state: ModelState): string {
  const { status, world } = state;
  const say = (what: string) => new Violation(`${what}: ${JSON.stringify({ status, world })}`);
  const revision = world.target?.revision;
  if (revision !== status.lastAppliedSpec && revision !== status.lastPromotedSpec)
    throw say(`${revision} is not decided on`);
  const end = `${status.phase} of ${status.lastAppliedSpec}, primary ${world.primary?.release}`;
  if (status.promotionFailed === true) return end;
  if (world.routes.canary !== 0 || world.target?.replicas !== 0) throw say("the canary still serves");
  if (status.phase === "Succeeded" && world.primary?.release !== status.lastPromotedSpec) {
    throw say("the primary does not run what was promoted");
  }
  return end;
}
