import { describe, expect, test } from "vitest";
import type { RolloutSpec } from "../rollout-spec.ts";
import { canaryWith } from "../testing/canary.ts";
import { problemText } from "./problem.ts";
import { rolloutSpecFromCanary, type SpecDefaults } from "./rollout-spec-from-canary.ts";

const defaults: SpecDefaults = { provider: "istio", minIntervalMs: 10_000 };
type Canary = ReturnType<typeof canaryWith>;

/** A Canary whose analysis is exactly this; the types of a served object allow more than the schema. */
function canaryOf(analysis: Parameters<typeof canaryWith>[0], spec: Parameters<typeof canaryWith>[1] = {}): Canary {
  const canary = canaryWith({}, spec);
  return { ...canary, spec: { ...canary.spec, analysis } };
}

function specFrom(canary: Canary, changed: Partial<SpecDefaults> = {}): RolloutSpec {
  const read = rolloutSpecFromCanary(canary, { ...defaults, ...changed });
  if ("problems" in read) throw new Error(read.problems.map(problemText).join("; "));
  return read.spec;
}

const accepted: Readonly<
  Record<string, { canary: Canary; defaults?: Partial<SpecDefaults>; spec: Partial<RolloutSpec> }>
> = {
  "every default of upstream": {
    canary: canaryOf({ stepWeight: 5 }),
    spec: {
      provider: "istio",
      strategy: "canary",
      intervalMs: 60_000,
      threshold: 1,
      maxWeight: 100,
      iterations: 0,
      stepWeightPromotion: 0,
      unknownThreshold: 1,
      onUnknown: "hold",
      failurePolicy: "cumulative",
      progressDeadlineMs: 600_000,
      service: "app",
      routed: true,
      skipAnalysis: false,
      mirror: false,
    },
  },
  "an interval of hours": { canary: canaryOf({ interval: "1h", iterations: 168 }), spec: { intervalMs: 3_600_000 } },
  "a compound interval": { canary: canaryOf({ interval: "1m30s", stepWeight: 5 }), spec: { intervalMs: 90_000 } },
  "an interval below the floor is the floor": {
    canary: canaryOf({ interval: "1s", stepWeight: 5 }),
    spec: { intervalMs: 10_000 },
  },
  "a lower floor": {
    canary: canaryOf({ interval: "1s", stepWeight: 5 }),
    defaults: { minIntervalMs: 1000 },
    spec: { intervalMs: 1000 },
  },
  "a threshold of zero is one": { canary: canaryOf({ threshold: 0, stepWeight: 5 }), spec: { threshold: 1 } },
  "unknownThreshold follows threshold": {
    canary: canaryOf({ threshold: 7, stepWeight: 5 }),
    spec: { unknownThreshold: 7 },
  },
  "iterations are blue/green": { canary: canaryOf({ iterations: 3 }), spec: { strategy: "blue-green" } },
  "iterations with match are A/B": {
    canary: canaryOf({ iterations: 3, match: [{ headers: { a: { exact: "b" } } }] }),
    spec: { strategy: "ab-testing" },
  },
  "match without iterations is a canary": {
    canary: canaryOf({ stepWeight: 5, match: [{ headers: { a: { exact: "b" } } }] }),
    spec: { strategy: "canary" },
  },
  "iterations with stepWeight are green checks held at maxWeight": {
    canary: canaryOf({ iterations: 5, stepWeight: 20, maxWeight: 100 }),
    spec: { strategy: "canary", iterations: 5 },
  },
  "the last of stepWeights is the maximum": {
    canary: canaryOf({ stepWeights: [10, 40], maxWeight: 90 }),
    spec: { maxWeight: 40 },
  },
  "the nested spelling of the documents": {
    canary: canaryOf({
      mirror: true,
      mirrorWeight: 10,
      canaryAnalysis: { stepWeightPromotion: 10, maxMirrorWeight: 80, iterations: 10 },
    }),
    spec: { strategy: "blue-green", iterations: 10, mirrorStepWeight: 10, maxMirrorWeight: 80, stepWeightPromotion: 0 },
  },
  "plain Services make it blue/green with ten checks": {
    canary: canaryOf({ stepWeight: 5, maxWeight: 50 }, { provider: "kubernetes" }),
    spec: { strategy: "blue-green", iterations: 10, routed: false },
  },
  "plain Services drop the match": {
    canary: canaryOf({ iterations: 3, match: [{ headers: { a: { exact: "b" } } }] }, { provider: "kubernetes" }),
    spec: {
      strategy: "blue-green",
      iterations: 3,
      adaptations: [{ type: "Warning", message: "A/B testing is not supported when using the kubernetes provider" }],
    },
  },
  "a service name of its own": {
    canary: canaryOf({ stepWeight: 5 }, { service: { name: "shop", port: 80 } }),
    spec: { service: "shop" },
  },
  "a wait before the first check": { canary: canaryOf({ stepWeight: 5, delay: "30s" }), spec: { delayMs: 30_000 } },
  "no step is needed without analysis": { canary: canaryOf({}, { skipAnalysis: true }), spec: { skipAnalysis: true } },
  "a dry run of the whole controller": {
    canary: canaryOf({ stepWeight: 5 }),
    defaults: { dryRun: true },
    spec: { dryRun: true },
  },
};

describe("rolloutSpecFromCanary accepts", () => {
  for (const [name, given] of Object.entries(accepted)) {
    test(name, () => expect(specFrom(given.canary, given.defaults)).toMatchObject(given.spec));
  }
});

const refused: Readonly<Record<string, { canary: Canary; says: readonly string[] }>> = {
  "no way to make a step": {
    canary: canaryOf({ maxWeight: 50 }),
    says: [
      "spec.analysis.stepWeight is 0, expected 1–100, or a list in stepWeights, or iterations for blue/green and A/B",
    ],
  },
  "everything that is wrong at once": {
    canary: canaryOf({ interval: "soon", threshold: 1.5, stepWeight: 200 }),
    says: [
      "spec.analysis.stepWeight is 200, expected a whole number 0–100",
      "spec.analysis.threshold is 1.5, expected a whole number",
      'spec.analysis.interval is "soon", expected a duration such as "30s", "1m30s" or "1h"',
    ],
  },
  "steps that do not rise": {
    canary: canaryOf({ stepWeights: [10, 10] }),
    says: ["spec.analysis.stepWeights[1] is 10, expected more than 10"],
  },
  "bounds the wrong way round": {
    canary: canaryOf({ stepWeight: 5, metrics: [{ name: "a", query: "up", thresholdRange: { min: 2, max: 1 } }] }),
    says: ['spec.analysis.metrics[0].thresholdRange is {"min":2,"max":1}, expected min at most max'],
  },
  "one cookie for both": {
    canary: canaryOf({ stepWeight: 5, sessionAffinity: { cookieName: "a", primaryCookieName: "a" } }),
    says: ['spec.analysis.sessionAffinity.primaryCookieName is "a", expected another name than cookieName'],
  },
};

describe("rolloutSpecFromCanary refuses", () => {
  for (const [name, given] of Object.entries(refused)) {
    test(name, () => {
      const read = rolloutSpecFromCanary(given.canary, defaults);
      expect("problems" in read ? read.problems.map(problemText) : []).toEqual(given.says);
    });
  }
});

test("the hash of the question changes with the metrics and not with the steps", () => {
  const metrics = [{ name: "a", query: "up", thresholdRange: { max: 1 } }];
  const hash = (analysis: Parameters<typeof canaryWith>[0]) => specFrom(canaryOf(analysis)).specHash;
  expect(hash({ stepWeight: 5, metrics })).toBe(hash({ stepWeight: 10, threshold: 3, metrics }));
  expect(hash({ stepWeight: 5, metrics })).not.toBe(hash({ stepWeight: 5 }));
});
