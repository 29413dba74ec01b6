import fc from "fast-check";
import { expect, test } from "vitest";
import type { Effect } from "./decision.ts";
import type { CanaryStatus, CheckResult } from "./status.ts";
import { canaryWith, specOf } from "./testing/canary.ts";
import { Crash, createSimulation, type Simulation, verdictOf } from "./testing/simulation.ts";
import type { World } from "./testing/world.ts";

const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const numRuns = Math.max(200, Math.round(20_000 * scale));
const timeout = 30_000 + numRuns * 20;
const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const url = "http://hook.test/";

/** What can happen to a Canary from outside, in any order. */
type Op =
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "target"; readonly revision: string }
  | { readonly do: "config"; readonly value: string }
  | { readonly do: "checks"; readonly result: CheckResult | "silent" }
  | { readonly do: "bus"; readonly state: "up" | "down" }
  | { readonly do: "canaryPods" | "primaryPods"; readonly ready: boolean; readonly retriable: boolean }
  | { readonly do: "gate"; readonly open: boolean }
  | { readonly do: "rollbackHook"; readonly signals: boolean }
  | {
      readonly do: "action";
      readonly action: "approve" | "pause" | "resume" | "promote" | "rollback" | "restart" | "skip";
    }
  | { readonly do: "annotate"; readonly name: "reset" | "skipAnalysis" }
  | { readonly do: "suspend"; readonly suspend: boolean }
  | { readonly do: "meddle"; readonly canary: number }
  | { readonly do: "restart" }
  | { readonly do: "crashAfter"; readonly happenings: number }
  | { readonly do: "verdict"; readonly run: number; readonly check: number; readonly result: CheckResult };

const result = fc.constantFrom<CheckResult>("pass", "pass", "fail", "unknown");
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("wait"), seconds: fc.integer({ min: 1, max: 25 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("target"), revision: fc.constantFrom("v1", "v2", "v3") }) },
  fc.record({ do: fc.constant("config"), value: fc.constantFrom("1", "2") }),
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("checks"), result: fc.oneof(result, fc.constant("silent" as const)) }),
  },
  fc.record({ do: fc.constant("bus"), state: fc.constantFrom("up", "up", "down") }),
  fc.record({ do: fc.constantFrom("canaryPods", "primaryPods"), ready: fc.boolean(), retriable: fc.boolean() }),
  fc.record({ do: fc.constant("gate"), open: fc.boolean() }),
  fc.record({ do: fc.constant("rollbackHook"), signals: fc.boolean() }),
  fc.record({
    do: fc.constant("action"),
    action: fc.constantFrom("approve", "pause", "resume", "promote", "rollback", "restart", "skip"),
  }),
  fc.record({ do: fc.constant("annotate"), name: fc.constantFrom("reset", "skipAnalysis") }),
  fc.record({ do: fc.constant("suspend"), suspend: fc.boolean() }),
  fc.record({ do: fc.constant("meddle"), canary: fc.integer({ min: 0, max: 100 }) }),
  fc.record({ do: fc.constant("restart") }),
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crashAfter"), happenings: fc.integer({ min: 0, max: 12 }) }) },
  fc.record({
    do: fc.constant("verdict"),
    run: fc.integer({ min: 0, max: 3 }),
    check: fc.integer({ min: 0, max: 6 }),
    result,
  }),
) as fc.Arbitrary<Op>;

const analyses = [
  { maxWeight: 50, stepWeight: 20, metrics },
  { maxWeight: 40, stepWeight: 20, mirror: true, iterations: 2, metrics },
  { stepWeights: [10, 60], stepWeightPromotion: 30, failurePolicy: "consecutive" as const, metrics },
  { iterations: 2, metrics },
  { iterations: 2, mirror: true, metrics },
  { iterations: 2, match: [{ headers: { a: { exact: "b" } } }], metrics },
];

interface Watched {
  readonly simulation: Simulation;
  readonly passed: Set<string>;
  apply(op: Op): void;
}

/** A simulation whose every effect is checked against the invariants at the moment that it is made. */
function watched(analysis: number, provider: string): Watched {
  let checks: CheckResult | undefined = "pass";
  let gateOpen = true;
  let signals = false;
  let crashIn = -1;
  const passed = new Set<string>();
  const chosen = analyses[analysis % analyses.length] ?? {};
  const webhooks = [
    { name: "gate", type: "confirm-promotion" as const, url },
    { name: "stop", type: "rollback" as const, url },
    { name: "done", type: "post-rollout" as const, url },
  ];
  const simulation = createSimulation({
    spec: specOf(canaryWith({ ...chosen, webhooks }), { provider }),
    analyzer: (check) => {
      if (checks === "pass") passed.add(`${check.run}/${check.revision}`);
      return checks;
    },
    hook: ({ hook }) => ({
      ok: hook.name === "gate" ? gateOpen : hook.name === "stop" ? signals : true,
      message: "no",
    }),
    onHappening: (happening, { world, status }) => {
      if (happening.kind === "effect") allowed(happening.effect, world, status, passed);
      if (crashIn >= 0 && crashIn-- === 0) throw new Crash("killed");
    },
  });
  simulation.settle();
  const apply = (op: Op): void => {
    const { world } = simulation;
    switch (op.do) {
      case "wait":
        survive(simulation, () => simulation.advance(op.seconds * 1000));
        return;
      case "target":
        if (world.target !== undefined) world.target = { ...world.target, revision: op.revision };
        return;
      case "config":
        if (world.target !== undefined) world.target = { ...world.target, configs: { "configmap/app": op.value } };
        return;
      case "checks":
        checks = op.result === "silent" ? undefined : op.result;
        return;
      case "bus":
        world.bus = op.state;
        return;
      case "canaryPods":
        if (world.target !== undefined) world.target = { ...world.target, readiness: readiness(op) };
        return;
      case "primaryPods":
        if (world.primary !== undefined) world.primary.readiness = readiness(op);
        return;
      case "gate":
        gateOpen = op.open;
        return;
      case "rollbackHook":
        signals = op.signals;
        return;
      case "action":
        world.action = {
          id: `a${world.now}-${op.action}`,
          action: op.action,
          run: simulation.status.run ?? 0,
          revision: world.target?.revision ?? "",
          actor: "jane",
          at: world.now,
        };
        return;
      case "annotate":
        world.annotations = { ...world.annotations, [op.name]: true };
        return;
      case "suspend":
        simulation.spec = { ...simulation.spec, suspend: op.suspend };
        return;
      case "meddle":
        if (simulation.spec.routed) world.routes = { ...world.routes, primary: 100 - op.canary, canary: op.canary };
        return;
      case "restart":
        simulation.restart();
        return;
      case "crashAfter":
        crashIn = op.happenings;
        return;
      case "verdict": {
        const pending = simulation.status.pendingCheck;
        const genuine = pending?.run === op.run && pending.check === op.check;
        if (!genuine) simulation.deliver(verdictOf({ ...op, at: world.now }, op.result));
        return;
      }
    }
  };
  return { simulation, passed, apply };
}

function readiness(op: { readonly ready: boolean; readonly retriable: boolean }) {
  return op.ready ? ({ ready: true } as const) : { ready: false, retriable: op.retriable, message: "not available" };
}

function survive(simulation: Simulation, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    simulation.restart();
    survive(simulation, work);
  }
}

/** What may never happen, asked at the moment of every effect. `status` is the one recorded when it was decided. */
function allowed(effect: Effect, world: World, status: CanaryStatus, passed: ReadonlySet<string>): void {
  if (effect.kind === "setRoutes") {
    expect(effect.primary + effect.canary, "weights sum to 100").toBe(100);
    const canaryServes = world.target?.replicas !== 0 && world.target?.readiness.ready === true;
    if (effect.canary > 0)
      expect(canaryServes, `traffic to a canary that is not ready: ${JSON.stringify(effect)}`).toBe(true);
    // A primary that broke while it was promoted is no advance of the canary but the one way to keep users served.
    const rescue = status.phase === "Promoting" || status.phase === "Finalising";
    if (!rescue && effect.canary > (status.routes?.canary ?? 0))
      expect(world.bus, "a canary advances without the bus").toBe("up");
    const promotes = status.phase === "Promoting" || status.promotionFailed === true;
    const copied = world.primary?.release !== status.lastPromotedSpec;
    if (promotes && copied && effect.primary > (status.routes?.primary ?? 0)) {
      expect(world.primary?.readiness.ready, "traffic back to a primary that is not ready").toBe(true);
    }
  }
  if (effect.kind === "promote" && status.phase !== "Initializing") {
    expect(world.bus, "promoted without the bus").toBe("up");
    const asked = status.override?.revision === effect.revision;
    expect(
      asked || passed.has(`${status.run}/${effect.revision}`),
      `promoted ${effect.revision} without a passing check`,
    ).toBe(true);
  }
  if (effect.kind === "scaleTargetToZero") {
    expect(world.routes.canary === 0 || world.routes.state !== "ok", "canary scaled down under traffic").toBe(true);
  }
}

test("whatever happens, in whatever order, nothing that may never happen does", { timeout }, () => {
  fc.assert(
    fc.property(
      fc.nat({ max: analyses.length - 1 }),
      fc.constantFrom("gatewayapi:v1", "kubernetes"),
      fc.array(op, { minLength: 5, maxLength: 40 }),
      (analysis, provider, ops) => {
        const { apply } = watched(analysis, provider);
        for (const each of ops) {
          apply(each);
          apply({ do: "wait", seconds: 1 });
        }
      },
    ),
    { numRuns },
  );
});

test("once the outside is calm again, every run comes to an end and the latest revision is decided on", {
  timeout,
}, () => {
  fc.assert(
    fc.property(
      fc.nat({ max: analyses.length - 1 }),
      fc.constantFrom("gatewayapi:v1", "kubernetes"),
      fc.array(op, { minLength: 5, maxLength: 25 }),
      (analysis, provider, ops) => {
        const { apply, simulation } = watched(analysis, provider);
        for (const each of ops) {
          apply(each);
          apply({ do: "wait", seconds: 1 });
        }
        const calm: Op[] = [
          { do: "suspend", suspend: false },
          { do: "bus", state: "up" },
          { do: "canaryPods", ready: true, retriable: true },
          { do: "primaryPods", ready: true, retriable: true },
          { do: "gate", open: true },
          { do: "rollbackHook", signals: false },
          { do: "checks", result: "pass" },
          { do: "wait", seconds: 60 },
          { do: "action", action: "resume" },
          { do: "wait", seconds: 300 },
        ];
        for (const each of calm) apply(each);
        const { status, world } = simulation;
        expect(["Initialized", "Succeeded", "Failed"]).toContain(status.phase);
        expect(status.pendingCheck ?? status.pendingHook ?? status.rollback ?? status.afterRun).toBeUndefined();
        expect(status.announcements ?? []).toEqual([]);
        const decided = [status.lastAppliedSpec, status.lastPromotedSpec];
        expect(decided).toContain(world.target?.revision);
        if (status.promotionFailed !== true) expect([world.routes.canary, world.target?.replicas]).toEqual([0, 0]);
      },
    ),
    { numRuns: Math.round(numRuns / 2) },
  );
});
