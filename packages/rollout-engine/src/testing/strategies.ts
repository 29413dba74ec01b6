import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";

/** A strategy as a user writes it, and what is worth knowing to read its transcripts. */
export interface WrittenStrategy {
  readonly about: string;
  readonly analysis: CanaryAnalysis;
  readonly spec?: Partial<CanarySpec>;
}

const metrics = [{ name: "request-success-rate", thresholdRange: { min: 99 } }];
const match = [{ headers: { "x-canary": { exact: "insider" } } }];

/** Every strategy; an interval of 10 s and a threshold of 2 each. */
export const strategies: Readonly<Record<string, WrittenStrategy>> = {
  weighted: {
    about: "Step by step to maxWeight, then promotion.",
    analysis: { stepWeight: 20, maxWeight: 60, metrics },
  },
  "step-weights": {
    about: "The weights of a list; the last one is the highest.",
    analysis: { stepWeights: [5, 30, 80], metrics },
  },
  "step-weight-promotion": {
    about: "After the promotion the primary takes its traffic back in steps.",
    analysis: { stepWeight: 30, maxWeight: 60, stepWeightPromotion: 50, metrics },
  },
  "iterations-at-max-weight": {
    about: "So many green checks at maxWeight before the promotion.",
    analysis: { stepWeight: 30, maxWeight: 60, iterations: 2, metrics },
  },
  "session-affinity": {
    about: "Weights as ever; that a user stays where he is, is the router's part.",
    analysis: { stepWeight: 20, maxWeight: 60, sessionAffinity: { cookieName: "release" }, metrics },
  },
  "canary-mirror": {
    about: "One interval of mirrored traffic, then weights.",
    analysis: { stepWeight: 20, maxWeight: 40, mirror: true, metrics },
  },
  "growing-mirror": {
    about: "The mirrored share grows with every green check, then weights.",
    analysis: {
      stepWeight: 20,
      maxWeight: 40,
      mirror: true,
      mirrorWeight: 20,
      mirrorStepWeight: 30,
      maxMirrorWeight: 50,
      metrics,
    },
  },
  "ab-testing": {
    about: "Matching requests go to the canary for so many green checks.",
    analysis: { match, iterations: 3, metrics },
  },
  "blue-green-routed": {
    about: "Green checks beside the traffic, then all of it at once, judged once more.",
    analysis: { iterations: 3, metrics },
  },
  "blue-green-mirror": {
    about: "As blue/green, with mirrored traffic while it is judged.",
    analysis: { iterations: 3, mirror: true, metrics },
  },
  "blue-green-kubernetes": {
    about: "Plain Services route nothing: green checks, then promotion.",
    analysis: { iterations: 3, metrics },
    spec: { provider: "kubernetes" },
  },
  "skip-analysis": {
    about: "Promoted as soon as the canary is ready, which takes 20 s here.",
    analysis: { stepWeight: 20, maxWeight: 60, metrics },
    spec: { skipAnalysis: true },
  },
};
