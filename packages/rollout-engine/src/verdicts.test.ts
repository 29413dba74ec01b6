import fc from "fast-check";
import { expect, test } from "vitest";
import type { CheckResult } from "./status.ts";
import { canaryWith, specOf } from "./testing/canary.ts";
import { createSimulation, type Simulation, verdictOf } from "./testing/simulation.ts";

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const spec = specOf(canaryWith({ maxWeight: 40, stepWeight: 20, metrics }));

function inFlight(analyzer: () => CheckResult | undefined): Simulation {
  const simulation = createSimulation({ spec, analyzer });
  simulation.settle();
  if (simulation.world.target !== undefined) simulation.world.target = { ...simulation.world.target, revision: "v2" };
  simulation.advance(10_000);
  return simulation;
}

const cases: Readonly<
  Record<string, { run: number; check: number; result: CheckResult; weight: number; failed: number }>
> = {
  "takes the answer to exactly the outstanding check": { run: 1, check: 1, result: "pass", weight: 40, failed: 0 },
  "ignores a passing answer to a check of an older run": { run: 0, check: 1, result: "pass", weight: 20, failed: 0 },
  "ignores a passing answer to a later check": { run: 1, check: 2, result: "pass", weight: 20, failed: 0 },
  "ignores a failing answer to an earlier check": { run: 1, check: 0, result: "fail", weight: 20, failed: 0 },
  "counts a failing answer": { run: 1, check: 1, result: "fail", weight: 20, failed: 1 },
  "counts nothing on an unknown answer": { run: 1, check: 1, result: "unknown", weight: 20, failed: 0 },
};

for (const [name, given] of Object.entries(cases)) {
  test(name, () => {
    const simulation = inFlight(() => undefined);
    expect(simulation.status.pendingCheck).toMatchObject({ run: 1, check: 1 });
    simulation.deliver(verdictOf({ ...given, at: simulation.world.now }, given.result));
    simulation.settle();
    expect([simulation.status.canaryWeight, simulation.status.failedChecks]).toEqual([given.weight, given.failed]);
  });
}

test("the first answer that is recorded wins: the same check answered twice counts once", () => {
  const simulation = inFlight(() => undefined);
  for (const result of ["fail", "pass", "fail"] as const) {
    simulation.deliver(verdictOf({ run: 1, check: 1, at: simulation.world.now }, result));
    simulation.settle();
  }
  expect([simulation.status.canaryWeight, simulation.status.failedChecks]).toEqual([20, 1]);
});

test("an answer to a check whose question changed since is none: the check is asked anew", () => {
  const simulation = inFlight(() => undefined);
  simulation.spec = { ...spec, specHash: "changed" };
  simulation.deliver(verdictOf({ run: 1, check: 1, at: simulation.world.now }, "pass"));
  simulation.settle();
  expect(simulation.status).toMatchObject({ canaryWeight: 20, pendingCheck: { check: 2, specHash: "changed" } });
});

test("duplicated, stale and reordered answers change nothing", () => {
  const noise = fc.array(
    fc.record({
      after: fc.nat({ max: 60 }),
      run: fc.nat({ max: 3 }),
      check: fc.nat({ max: 8 }),
      result: fc.constantFrom<CheckResult>("pass", "fail", "unknown"),
    }),
    { maxLength: 12 },
  );
  const run = (answers: typeof noise extends fc.Arbitrary<infer T> ? T : never) => {
    const simulation = inFlight(() => "pass");
    for (let second = 0; second < 60; second += 1) {
      for (const answer of answers.filter((a) => a.after === second)) {
        const pending = simulation.status.pendingCheck;
        if (pending?.run === answer.run && pending.check === answer.check) continue;
        simulation.deliver(verdictOf({ ...answer, at: simulation.world.now }, answer.result));
      }
      simulation.advance(1000);
    }
    return simulation.status;
  };
  const undisturbed = run([]);
  expect(undisturbed.phase).toBe("Succeeded");
  fc.assert(
    fc.property(noise, (answers) => {
      expect(run(answers)).toEqual(undisturbed);
    }),
    { numRuns: 100 },
  );
});
