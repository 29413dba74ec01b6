import type { Announcement, Decision, Effect } from "../../decision.ts";
import type { HookResult, Observation, VerdictSeen } from "../../observation.ts";
import type { CanaryStatus } from "../../status.ts";
import { applyEffect, observeWorld, type World } from "../world.ts";

/** A check that was published. */
export type Asked = Pick<Extract<Announcement, { kind: "check" }>, "run" | "check" | "revision" | "weight" | "at">;

/** Everything that a moment of a rollout consists of. Never changed: a step makes another one. */
export interface ModelState {
  readonly world: World;
  /** As it is recorded in Kubernetes. */
  readonly status: CanaryStatus;
  /** What the process knows; gone when it dies. */
  readonly memory: {
    readonly announced: readonly string[];
    readonly hookResults: Readonly<Record<string, HookResult>>;
    readonly verdict?: VerdictSeen;
  };
  /** What the world outside knows. */
  readonly outside: {
    readonly gateOpen: boolean;
    /** Published and not answered. */
    readonly asked?: Asked;
    /** Published earlier: an answer to it comes late. */
    readonly before?: Asked;
    /** The checks that really passed, as run/revision@weight. */
    readonly passed: readonly string[];
    /** How many more things may go wrong. */
    readonly disturbances: number;
  };
}

export type Judge = (effect: Effect, state: ModelState) => void;

/** What the process sees. */
export function observe({ world, memory }: ModelState): Observation {
  const { verdict, hookResults, announced } = memory;
  return observeWorld(world, { verdict, hookResults, announced: [...announced] });
}

/** How many writes a decision makes: its effects, the status, and what it tells. */
export function writesOf(decision: Decision, status: CanaryStatus): number {
  return decision.effects.length + (decision.status === status ? 0 : 1) + decision.announce.length;
}

/** The first `writes` writes of a decision, in the order that a Decision promises; `judge` sees every effect. */
export function act(
  state: ModelState,
  decision: Decision,
  judge: Judge,
  writes = Number.POSITIVE_INFINITY,
): ModelState {
  let left = writes;
  let next: ModelState = { ...state, world: copied(state.world) };
  for (const effect of decision.effects) {
    if (left-- <= 0) return next;
    judge(effect, next);
    applyEffect(next.world, effect);
  }
  if (decision.status !== state.status) {
    if (left-- <= 0) return next;
    next = { ...next, status: decision.status };
  }
  for (const told of decision.announce) {
    if (left-- <= 0) return next;
    next = tell(next, told);
  }
  return next;
}

/** A world that may be changed without changing the one it was copied from. */
export function copied(world: World): World {
  return {
    ...world,
    primary: world.primary && { ...world.primary },
    autoscaler: world.autoscaler && { ...world.autoscaler },
    annotations: { ...world.annotations },
  };
}

function tell(state: ModelState, told: Announcement): ModelState {
  const { memory, outside } = state;
  switch (told.kind) {
    case "notice":
      return { ...state, memory: { ...memory, announced: [...memory.announced, told.id] } };
    case "hook":
      return {
        ...state,
        memory: {
          ...memory,
          announced: [...memory.announced, told.key],
          hookResults: { [told.key]: { ok: outside.gateOpen, message: "closed" } },
        },
      };
    case "check": {
      const { run, check, revision, weight, at } = told;
      const again = outside.asked?.run === run && outside.asked.check === check;
      const before = again ? outside.before : (outside.asked ?? outside.before);
      return {
        ...state,
        memory: { ...memory, announced: [...memory.announced, told.id] },
        outside: {
          ...outside,
          asked: { run, check, revision, weight, at },
          ...(before === undefined ? {} : { before }),
        },
      };
    }
  }
}
