import { describe, expect, test } from "vitest";
import { canaryWith, specOf } from "./testing/canary.ts";
import { Crash, createSimulation, Refused, type Happening, type Simulation } from "./testing/simulation.ts";

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const url = "http://hook.test/";
const hooks = {
  webhooks: [
    { name: "may-start", type: "confirm-rollout" as const, url },
    { name: "migrate", type: "pre-rollout" as const, url },
    { name: "load", url },
    { name: "stop", type: "rollback" as const, url },
    { name: "undo", type: "on-rollback" as const, url },
    { name: "may-promote", type: "confirm-promotion" as const, url },
    { name: "done", type: "post-rollout" as const, url },
  ],
};

interface Case {
  readonly canary: Parameters<typeof canaryWith>;
  readonly result?: "pass" | "fail" | "unknown";
  /** What happens to the cluster, by second. Applied once the moment is reached. */
  readonly script?: Readonly<Record<number, (simulation: Simulation) => void>>;
  readonly podsReadyAfterMs?: number;
}

const target = (revision: string) => (s: Simulation) => {
  if (s.world.target !== undefined) s.world.target = { ...s.world.target, revision };
};

const flags = [
  { name: "checkout", variant: "on" },
  { name: "banner", variant: "blue" },
];
const weighted = { maxWeight: 50, stepWeight: 10, metrics };

const cases: Readonly<Record<string, Case>> = {
  "a weighted canary that is promoted": { canary: [weighted] },
  "a weighted canary whose pods take their time": { canary: [weighted], podsReadyAfterMs: 3000 },
  "a weighted canary with every kind of hook": { canary: [{ ...weighted, ...hooks }] },
  "a weighted canary that fails": { canary: [{ ...weighted, ...hooks }], result: "fail" },
  "a weighted canary without data": { canary: [{ ...weighted, onUnknown: "rollback" }], result: "unknown" },
  "a promotion step by step": { canary: [{ ...weighted, stepWeightPromotion: 20 }] },
  "a weighted canary with mirror": { canary: [{ ...weighted, mirror: true, mirrorWeight: 20, mirrorStepWeight: 40 }] },
  "an A/B test": { canary: [{ iterations: 3, match: [{ headers: { a: { exact: "b" } } }], metrics }] },
  "a blue/green with routes": { canary: [{ iterations: 3, mirror: true, metrics, ...hooks }] },
  "a blue/green with plain Services": { canary: [{ iterations: 3, metrics }, { provider: "kubernetes" }] },
  "a blue/green that fails": { canary: [{ iterations: 3, metrics }, { provider: "kubernetes" }], result: "fail" },
  "a skipped analysis": { canary: [weighted, { skipAnalysis: true }] },
  "a new revision in the middle": { canary: [weighted], script: { 25: target("v3") } },
  "a revert in the middle": { canary: [{ ...weighted, ...hooks }], script: { 25: target("v1") } },
  "a reset in the middle": {
    canary: [weighted],
    script: {
      25: (s) => {
        s.world.annotations = { ...s.world.annotations, reset: true };
      },
    },
  },
  "a rollback by a person": {
    canary: [weighted],
    script: {
      25: (s) => {
        s.world.action = { id: "a", action: "rollback", run: 1, revision: "v2", actor: "jane", at: s.world.now };
      },
    },
  },
  "a promotion by a person": {
    canary: [weighted],
    script: {
      25: (s) => {
        s.world.action = { id: "a", action: "promote", run: 1, revision: "v2", actor: "jane", at: s.world.now };
      },
    },
  },
  "a progress deadline": {
    canary: [weighted],
    script: {
      25: ({ world }) => {
        if (world.target === undefined) return;
        world.target = { ...world.target, readiness: { ready: false, retriable: false, message: "exceeded" } };
      },
    },
  },
  "a promotion that fails": {
    canary: [weighted],
    podsReadyAfterMs: 3000,
    script: {
      60: ({ world }) => {
        if (world.primary !== undefined)
          world.primary.readiness = { ready: false, retriable: false, message: "exceeded" };
      },
    },
  },
  "a deletion that reverts": {
    canary: [weighted, { revertOnDeletion: true }],
    script: {
      25: (s) => {
        s.world.deleting = true;
      },
    },
  },
  "flags that go with the release": { canary: [{ ...weighted, flags }] },
  "flags of a release that fails": { canary: [{ ...weighted, flags }], result: "fail" },
  "flags of a release that is deleted": {
    canary: [{ ...weighted, flags }, { revertOnDeletion: true }],
    script: {
      25: (s) => {
        s.world.deleting = true;
      },
    },
  },
  "flags that their user takes over, and another variant of one": {
    canary: [{ ...weighted, flags }],
    script: {
      110: ({ world }) => {
        world.flags = { ...world.flags, serves: { checkout: "on" } };
      },
      115: (s) => {
        s.spec = specOf(canaryWith({ ...weighted, flags: [{ name: "banner", variant: "gold" }] }));
        target("v3")(s);
      },
    },
  },
  "a flag that is missing for a while": {
    canary: [{ ...weighted, flags }],
    script: {
      0: ({ world }) => {
        world.flags = { ...world.flags, missing: ["checkout"] };
      },
      40: ({ world }) => {
        world.flags = { ...world.flags, missing: [] };
      },
    },
  },
  "an autoscaler": {
    canary: [weighted],
    script: {
      0: (s) => {
        s.world.autoscaler = { paused: false, primary: "missing" };
      },
    },
  },
};

/** When the process dies (after which happening) and which write is refused, once each. */
interface Trouble {
  readonly crashAfter?: number;
  readonly refuse?: number;
}

/** Runs a case to its end. */
function run(given: Case, trouble: Trouble = {}): Simulation {
  let count = 0;
  let writes = 0;
  const simulation = createSimulation({
    spec: specOf(canaryWith(...given.canary)),
    analyzer: () => given.result ?? "pass",
    hook: ({ hook }) => ({ ok: hook.type !== "rollback", message: "no" }),
    beforeWrite: () => {
      if (writes++ === trouble.refuse) throw new Refused("conflict");
    },
    onHappening: () => {
      if (count++ === trouble.crashAfter) throw new Crash("killed");
    },
  });
  simulation.world.podsReadyAfterMs = given.podsReadyAfterMs ?? 0;
  const startedAt = simulation.world.now;
  const script: Case["script"] = { 5: target("v2"), ...given.script };
  for (const [second, happens] of [...Object.entries(script), [150, () => undefined] as const]) {
    const until = startedAt + Number(second) * 1000;
    surviving(simulation, () => simulation.advance(Math.max(0, until - simulation.world.now)));
    happens(simulation);
  }
  return simulation;
}

function surviving(simulation: Simulation, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (error instanceof Crash) simulation.restart();
    else if (!(error instanceof Refused)) throw error;
    surviving(simulation, work);
  }
}

/** All that must not depend on when the controller died. */
function outcome({ world, status, happenings }: Simulation) {
  return {
    phase: status.phase,
    counters: [status.canaryWeight, status.iterations, status.failedChecks, status.run],
    promoted: status.lastPromotedSpec,
    flags: status.flags,
    applied: status.lastAppliedSpec,
    conditions: status.conditions?.map((c) => `${c.type} ${c.status} ${c.reason}`),
    left: [status.pendingCheck, status.pendingHook, status.announcements, status.rollback, status.afterRun],
    world: [
      world.primary?.release,
      world.target?.replicas,
      world.routes,
      world.autoscaler,
      world.gone,
      world.flags.laid,
    ],
    weights: weights(happenings),
    told: told(happenings),
  };
}

/** The weights as they were recorded, one after the other: a step is neither skipped nor made twice. */
function weights(happenings: readonly Happening[]): string[] {
  const all = happenings.flatMap((h) =>
    h.kind === "status" ? [`${h.to.run ?? 0}: ${h.to.canaryWeight}/${h.to.iterations}`] : [],
  );
  return all.filter((weight, index) => weight !== all[index - 1]);
}

/** Every notice once, whatever the number of times that it was told: the id is the same. */
function told(happenings: readonly Happening[]): string[] {
  const notices = new Map<string, string>();
  for (const h of happenings) {
    if (h.kind !== "told" || h.announcement.kind !== "notice") continue;
    const { id, event, alert } = h.announcement;
    notices.set(id, `${event.message} / ${alert?.message ?? ""}`);
  }
  return [...notices.values()];
}

describe("killed after every single write and every telling, it ends as the undisturbed run", {
  timeout: 60_000,
}, () => {
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => {
      const undisturbed = run(given);
      const expected = outcome(undisturbed);
      for (let at = 0; at < undisturbed.happenings.length; at += 1) {
        expect(
          outcome(run(given, { crashAfter: at })),
          `killed after happening ${at}: ${text(undisturbed.happenings[at])}`,
        ).toEqual(expected);
      }
    });
  }
});

describe("with every single write refused once, it ends as the undisturbed run", { timeout: 60_000 }, () => {
  for (const [name, given] of Object.entries(cases)) {
    test(name, () => {
      const undisturbed = run(given);
      const expected = outcome(undisturbed);
      const writes = undisturbed.happenings.filter((h) => h.kind !== "told").length;
      for (let at = 0; at < writes; at += 1) {
        expect(outcome(run(given, { refuse: at })), `write ${at} refused`).toEqual(expected);
      }
    });
  }
});

function text(happening: Happening | undefined): string {
  if (happening?.kind === "effect") return `effect ${happening.effect.kind}`;
  if (happening?.kind === "status") return `status of ${happening.rule}`;
  return happening === undefined ? "none" : `telling a ${happening.announcement.kind}`;
}
