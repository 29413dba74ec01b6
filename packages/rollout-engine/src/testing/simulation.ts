import { decide } from "../decide.ts";
import type { Announcement, Decision, Effect } from "../decision.ts";
import type { HookResult, VerdictSeen } from "../observation.ts";
import type { RolloutSpec } from "../rollout-spec.ts";
import type { CanaryStatus, CheckResult } from "../status.ts";
import { applyEffect, createWorld, observeWorld, type World } from "./world.ts";

/** Thrown where a crash was asked for: everything in memory is lost, the world and the recorded status stay. */
export class Crash extends Error {}

/** Thrown where a write is refused (a conflict, a timeout): the pass ends, the process goes on. */
export class Refused extends Error {}

/** What happened, in order. */
export type Happening =
  | { readonly kind: "effect"; readonly effect: Effect }
  | { readonly kind: "status"; readonly rule: string; readonly from: CanaryStatus; readonly to: CanaryStatus }
  | { readonly kind: "told"; readonly announcement: Announcement };

export interface SimulationOptions {
  readonly spec: RolloutSpec;
  readonly world?: World;
  readonly status?: CanaryStatus;
  /** What the analyzer says of a check; undefined = no answer (yet). */
  readonly analyzer?: (check: Extract<Announcement, { kind: "check" }>) => CheckResult | VerdictSeen | undefined;
  /** What a hook answers; undefined = no answer (yet). */
  readonly hook?: (call: Extract<Announcement, { kind: "hook" }>) => HookResult | undefined;
  /** Called before every write; throws where the write is to be refused. */
  readonly beforeWrite?: (what: "effect" | "status") => void;
  readonly onHappening?: (happening: Happening, simulation: Simulation) => void;
}

export interface Simulation {
  readonly world: World;
  spec: RolloutSpec;
  status: CanaryStatus;
  readonly happenings: readonly Happening[];
  /** One observe, decide, act. */
  pass(): Decision;
  /** Passes until nothing is to be done at this moment. */
  settle(): void;
  /** Lets time pass, settling at every moment that a decision asked for. */
  advance(ms: number): void;
  /** A new process: it has told nothing and heard nothing. */
  restart(): void;
  /** Gives an answer as if it arrived now, however late, wrong or repeated. */
  deliver(verdict: VerdictSeen): void;
}

const emptyStatus: CanaryStatus = { phase: "", failedChecks: 0, canaryWeight: 0, iterations: 0 };

/** A controller without a cluster: acts on decisions in memory, in the order that a Decision promises. */
export function createSimulation(options: SimulationOptions): Simulation {
  const happenings: Happening[] = [];
  let announced: string[] = [];
  let hookResults: Record<string, HookResult> = {};
  let verdict: VerdictSeen | undefined;

  const happen = (happening: Happening) => {
    happenings.push(happening);
    options.onHappening?.(happening, simulation);
  };

  const tell = (announcement: Announcement) => {
    happen({ kind: "told", announcement });
    switch (announcement.kind) {
      case "notice":
        announced.push(announcement.id);
        return;
      case "check": {
        announced.push(announcement.id);
        const answer = options.analyzer?.(announcement);
        if (answer !== undefined) verdict = typeof answer === "string" ? verdictOf(announcement, answer) : answer;
        return;
      }
      case "hook": {
        announced.push(announcement.key);
        const answer = options.hook?.(announcement);
        if (answer !== undefined) hookResults = { ...hookResults, [announcement.key]: answer };
        return;
      }
    }
  };

  const simulation: Simulation = {
    world: options.world ?? createWorld(Date.parse("2026-01-01T00:00:00Z")),
    spec: options.spec,
    status: options.status ?? emptyStatus,
    happenings,
    pass() {
      const { world } = simulation;
      const before = simulation.status;
      const decision = decide(
        simulation.spec,
        before,
        observeWorld(world, { verdict, hookResults, announced: [...announced] }),
      );
      for (const effect of decision.effects) {
        options.beforeWrite?.("effect");
        applyEffect(world, effect);
        happen({ kind: "effect", effect });
      }
      if (decision.status !== before) {
        options.beforeWrite?.("status");
        simulation.status = structuredClone(decision.status);
        happen({ kind: "status", rule: decision.rule, from: before, to: decision.status });
      }
      for (const announcement of decision.announce) tell(announcement);
      return decision;
    },
    settle() {
      for (let quiet = 0, passes = 0; quiet < 1; passes += 1) {
        if (passes > 500) throw new Error(`no rest after 500 passes: ${JSON.stringify(simulation.status)}`);
        const decision = simulation.pass();
        const idle = decision.effects.length === 0 && decision.announce.length === 0 && decision.recheckAfterMs !== 0;
        quiet = idle ? quiet + 1 : 0;
      }
    },
    advance(ms) {
      const end = simulation.world.now + ms;
      for (;;) {
        simulation.settle();
        const next = decide(
          simulation.spec,
          simulation.status,
          observeWorld(simulation.world, { verdict, hookResults, announced: [...announced] }),
        ).recheckAfterMs;
        const wake = next === undefined ? end : Math.min(end, simulation.world.now + Math.max(1, next));
        if (simulation.world.now >= end) return;
        const { world } = simulation;
        const pods = [world.targetReadyAt, world.primaryReadyAt].filter((at) => at > world.now);
        world.now = Math.min(wake, ...pods);
      }
    },
    restart() {
      announced = [];
      hookResults = {};
      verdict = undefined;
    },
    deliver(answer) {
      verdict = answer;
    },
  };
  return simulation;
}

/** A plausible answer to a check. */
export function verdictOf(
  check: { readonly run: number; readonly check: number; readonly at: number },
  result: CheckResult,
): VerdictSeen {
  const base = { run: check.run, check: check.check, result, at: check.at };
  const metric = { name: "request-success-rate", min: 99 };
  switch (result) {
    case "pass":
      return { ...base, metrics: [{ ...metric, result, value: 100 }] };
    case "fail":
      return {
        ...base,
        metrics: [{ ...metric, result, value: 50, message: "Halt app.test advancement success rate 50.00% < 99%" }],
      };
    case "unknown":
      return {
        ...base,
        metrics: [
          {
            ...metric,
            result,
            message:
              "Halt advancement no values found for kubernetes metric request-success-rate probably app.test is not receiving traffic",
          },
        ],
      };
  }
}
