import { expect, test } from "vitest";
import { canaryWith, specOf } from "./testing/canary.ts";
import { createSimulation } from "./testing/simulation.ts";

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];

test("a good revision is promoted and a bad one rolled back", () => {
  const spec = specOf(canaryWith({ maxWeight: 50, stepWeight: 10, metrics }));
  for (const [result, phase] of [
    ["pass", "Succeeded"],
    ["fail", "Failed"],
  ] as const) {
    const simulation = createSimulation({ spec, analyzer: () => result });
    simulation.settle();
    expect(simulation.status.phase).toBe("Initialized");
    if (simulation.world.target) simulation.world.target = { ...simulation.world.target, revision: "v2" };
    simulation.advance(200_000);
    expect(simulation.status.phase).toBe(phase);
    expect(simulation.world.routes).toMatchObject({ primary: 100, canary: 0 });
    expect(simulation.world.target?.replicas).toBe(0);
  }
});
