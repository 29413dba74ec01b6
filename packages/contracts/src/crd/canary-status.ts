// status of a Canary: upstream's fields, then ours. It holds all that a restarted controller needs.
import Type, { type Static } from "typebox";
import { anyObject, moment, oneOf, stringMap } from "./field.ts";

const optional = Type.Optional;

/** Phases of a Canary. The empty one is an object that the controller has not seen yet. */
export const canaryPhases = [
  "",
  "Initializing",
  "Initialized",
  "Waiting",
  "Progressing",
  "WaitingPromotion",
  "Promoting",
  "Finalising",
  "Succeeded",
  "Failed",
  "Terminating",
  "Terminated",
] as const;
export type CanaryPhase = (typeof canaryPhases)[number];

export const ConditionSchema = Type.Object({
  type: Type.String({ description: "Promoted, InvalidSpec, AnalysisUnknown, BusUnavailable." }),
  status: Type.String({ description: "True, False or Unknown." }),
  reason: Type.String({ description: "One word." }),
  message: optional(Type.String({ description: "For people." })),
  observedGeneration: optional(Type.Number({ description: "Generation of the Canary that was judged." })),
  lastUpdateTime: optional(moment("When status or reason changed.")),
  lastTransitionTime: optional(moment("When status changed.")),
});
export type CanaryCondition = Static<typeof ConditionSchema>;

const CheckedMetricSchema = Type.Object({
  name: Type.String({ description: "Name of the metric." }),
  result: oneOf(["pass", "fail", "unknown"], "Judgement of the value."),
  value: optional(Type.Number({ description: "Absent when there was none." })),
  min: optional(Type.Number({ description: "Smallest accepted value." })),
  max: optional(Type.Number({ description: "Largest accepted value." })),
  message: optional(Type.String({ description: "Why it did not pass." })),
});

const FinishedCheckSchema = Type.Object({
  run: Type.Number(),
  check: Type.Number(),
  result: oneOf(["pass", "fail", "unknown"], "Judgement of the whole check."),
  weight: Type.Number({ description: "Canary weight when it was asked for." }),
  at: moment("Evaluation time."),
  metrics: Type.Array(CheckedMetricSchema),
});
export type FinishedCheck = Static<typeof FinishedCheckSchema>;

export const CanaryStatusSchema = Type.Object(
  {
    phase: oneOf(canaryPhases, "Where the rollout is."),
    failedChecks: Type.Number({ description: "Failed checks of this run." }),
    canaryWeight: Type.Number({ description: "Percent of the traffic that the canary gets." }),
    iterations: Type.Number({ description: "Finished iterations of A/B and blue/green." }),
    previousSessionAffinityCookie: optional(Type.String({ description: "Cookie of the run before, name=value." })),
    sessionAffinityCookie: optional(Type.String({ description: "Cookie of the canary, name=value." })),
    primarySessionAffinityCookie: optional(Type.String({ description: "Cookie of the primary, name=value." })),
    trackedConfigs: optional(stringMap("Checksums of the ConfigMaps and Secrets that the target names.")),
    lastAppliedSpec: optional(Type.String({ description: "Hash of the revision last seen." })),
    lastPromotedSpec: optional(Type.String({ description: "Hash of the revision last promoted." })),
    lastTransitionTime: optional(moment("Last write of the status.")),
    conditions: optional(Type.Array(ConditionSchema, { description: "Promoted first, then ours." })),

    observedGeneration: optional(Type.Number({ description: "Generation of the Canary that the status is about." })),
    run: optional(Type.Number({ description: "Grows at every start and restart of an analysis." })),
    check: optional(Type.Number({ description: "Grows with every check asked for." })),
    targetRevision: optional(Type.String({ description: "Hash of the revision that this run is about." })),
    paused: optional(Type.Boolean({ description: "A person paused the run." })),
    pendingCheck: optional(
      Type.Object(
        {
          run: Type.Number(),
          check: Type.Number(),
          askedAt: moment("When it was asked for first: the evaluation time."),
        },
        { description: "The check whose answer is awaited." },
      ),
    ),
    pendingHook: optional(
      Type.Object(
        {
          key: Type.String({ description: "Idempotency key: run/type/name/iteration." }),
          type: Type.String(),
          name: Type.String(),
          askedAt: moment("When it was asked for first."),
        },
        { description: "The hook whose answer is awaited." },
      ),
    ),
    tick: optional(anyObject("Where the current interval stands; for the controller only.")),
    announcements: optional(
      Type.Array(
        Type.Object(
          { id: Type.String({ description: "Idempotency key." }) },
          { "x-kubernetes-preserve-unknown-fields": true },
        ),
        { description: "Told, but not yet confirmed as delivered." },
      ),
    ),
    lastAction: optional(
      Type.Object(
        {
          id: Type.String(),
          action: Type.String(),
          gate: optional(Type.String()),
          actor: optional(Type.String()),
          at: moment("When it was asked for."),
        },
        { description: "The human action consumed last." },
      ),
    ),
    canaryAnalysis: optional(Type.Array(FinishedCheckSchema, { description: "The last checks, newest last." })),
  },
  { description: "Written by the controller only." },
);
export type CanaryStatus = Static<typeof CanaryStatusSchema>;
