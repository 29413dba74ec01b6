import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import { modelOf } from "./testing/model/start.ts";
import { search } from "./testing/model/search.ts";

const scale = Number(process.env.BURGEE_TEST_SCALE ?? "0.05");
const disturbances = scale >= 1 ? 3 : scale >= 0.2 ? 2 : 1;
const maxStates = Math.max(1000, Math.round(60_000 * scale));

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const webhooks = [{ name: "gate", type: "confirm-promotion" as const, url: "http://hook.test/" }];

const models: Readonly<Record<string, { analysis: CanaryAnalysis; spec?: Partial<CanarySpec> }>> = {
  weighted: { analysis: { stepWeight: 30, maxWeight: 60, metrics, webhooks } },
  "weighted with mirror": { analysis: { stepWeight: 50, maxWeight: 50, mirror: true, metrics, webhooks } },
  "A/B": { analysis: { iterations: 1, match: [{ headers: { a: { exact: "b" } } }], metrics, webhooks } },
  "blue/green": { analysis: { iterations: 1, metrics, webhooks } },
  "blue/green without routing": { analysis: { iterations: 1, metrics, webhooks }, spec: { provider: "kubernetes" } },
};

describe(`whatever goes wrong ${disturbances} times, at any moment and in any order`, () => {
  for (const [name, { analysis, spec }] of Object.entries(models)) {
    test(name, { timeout: 60_000 + 600_000 * scale }, () => {
      const started = performance.now();
      const found = search({ ...modelOf(analysis, disturbances, spec), maxStates });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.info(`${name}: ${found.states} states${found.whole ? ", all there are," : ""} in ${seconds} s`);
      expect(found.violation).toBeUndefined();
      expect(found.states).toBeGreaterThan(400);
    });
  }
});

test("a mistake is found, with the shortest way to it", () => {
  const { spec, start } = modelOf({ stepWeight: 50, maxWeight: 50, metrics }, 1);
  const hasty: typeof decide = (...given) => {
    const decision = decide(...given);
    const effects = decision.effects.map((e) =>
      e.kind === "setRoutes" && e.canary > 0 ? { ...e, primary: 0, canary: 99 } : e,
    );
    return { ...decision, effects };
  };
  expect(search({ spec, start, maxStates: 1000, decide: hasty }).violation).toEqual({
    what: "the weights do not add up to 100",
    trace: expect.any(Array),
  });
});
