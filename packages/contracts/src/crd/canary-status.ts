// status of a Canary: upstream's fields, then ours. It holds all that a restarted controller needs.
import Type, { type Static } from "typebox";
import { webhookTypes } from "./canary-analysis.ts";
import { ConditionSchema } from "./condition.ts";
import { moment, oneOf, stringMap } from "./field.ts";

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

/** Hook types after their defaults. */
const calledHookTypes = webhookTypes.filter((type) => type !== "");

export type CanaryCondition = Static<typeof ConditionSchema>;

const checkResult = (description: string) => oneOf(["pass", "fail", "unknown"], description);
const gate = (description: string) =>
  oneOf(["confirm-rollout", "confirm-traffic-increase", "confirm-promotion"], description);
const severity = () => oneOf(["info", "warn", "error"], "How bad it is.");
const count = (description: string) => Type.Number({ description });
const text = (description: string) => Type.String({ description });

const CheckedMetricSchema = Type.Object({
  name: text("Name of the metric."),
  result: checkResult("Judgement of the value."),
  value: optional(count("Absent when there was none.")),
  min: optional(count("Smallest accepted value.")),
  max: optional(count("Largest accepted value.")),
  message: optional(text("Why it did not pass.")),
  reason: optional(
    oneOf(
      ["no-data", "unreachable", "invalid"],
      "Why there is no value: nothing measured, nobody answered, wrongly asked.",
    ),
  ),
});

const FinishedCheckSchema = Type.Object({
  run: count("Run of the check."),
  check: count("Number of the check in its run."),
  result: checkResult("Judgement of the whole check."),
  weight: count("Canary weight when it was asked for."),
  iteration: optional(count("Iteration when it was asked for.")),
  at: moment("Evaluation time."),
  metrics: Type.Array(CheckedMetricSchema, { description: "What each metric said." }),
});
export type FinishedCheck = Static<typeof FinishedCheckSchema>;

const PendingNoticeSchema = Type.Object({
  id: text("Idempotency key."),
  type: oneOf(["Normal", "Warning"], "Type of the Kubernetes event."),
  message: text("Text of the event."),
  rule: text("Rule that decided."),
  phase: oneOf(canaryPhases, "Phase when it was decided."),
  at: moment("When it was decided."),
  actor: optional(text("Who asked, when a person did.")),
  alert: optional(
    Type.Object(
      {
        severity: severity(),
        message: text("Text of the alert."),
        withFields: Type.Boolean({ description: "Send target, threshold and routing along." }),
      },
      { description: "The alert that goes with it." },
    ),
  ),
});

const TickSchema = Type.Object(
  {
    number: count("Grows with every tick of a run."),
    startedAt: moment("When the tick began."),
    finishedAt: optional(moment("When it ended; absent while it is under way.")),
    hooksDone: optional(Type.Array(Type.String(), { description: "Hooks that are done with in this tick." })),
    result: optional(checkResult("What the analysis of this tick said.")),
  },
  { description: "Where the run is between two steps.", "x-kubernetes-preserve-unknown-fields": true },
);

const LastActionSchema = Type.Object(
  {
    id: text("Id of the action."),
    action: text("What was asked for."),
    gate: optional(text("Gate that was approved.")),
    actor: text("Who asked."),
    at: moment("When it was asked for."),
    run: count("Run that it was about."),
    outcome: oneOf(["accepted", "ignored"], "What became of it."),
    message: optional(text("Why it was ignored.")),
  },
  { description: "The human action consumed last." },
);

const AskedSchema = { actor: text("Who asked."), at: moment("When it was asked for.") };

/** `status` of a Canary: all that is needed to go on after a restart. */
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
    run: optional(count("Grows at every start and restart of an analysis.")),
    check: optional(count("Grows with every check asked for; starts again with the run.")),
    targetRevision: optional(text("Hash of the revision that this run is about.")),
    promotedConfigs: optional(stringMap("Configs that the promoted revision was copied with.")),
    pendingCheck: optional(
      Type.Object(
        {
          run: count("Run of the check."),
          check: count("Number of the check in its run."),
          askedAt: moment("When it was asked for first: the evaluation time."),
          reaskedAt: optional(moment("When it was asked for last.")),
          specHash: text("Hash of what was asked."),
        },
        { description: "The check whose answer is awaited." },
      ),
    ),
    pendingHook: optional(
      Type.Object(
        {
          key: text("Idempotency key: run/type/name/iteration."),
          id: text("Hook within the Canary."),
          type: oneOf(calledHookTypes, "Type of the hook."),
          name: text("Name of the hook."),
          askedAt: moment("When it was called first."),
        },
        { description: "The hook whose answer is awaited." },
      ),
    ),
    tick: optional(TickSchema),
    routes: optional(
      Type.Object(
        {
          primary: count("Percent of the primary."),
          canary: count("Percent of the canary."),
          mirrored: Type.Boolean({ description: "Requests are mirrored to the canary." }),
          mirrorWeight: optional(count("Percent of the requests that is mirrored.")),
        },
        { description: "The traffic split decided last." },
      ),
    ),
    flags: optional(
      Type.Array(
        Type.Object({
          name: text("Key of the flag."),
          variant: text("Variant that is served."),
          stage: oneOf(["canary", "all"], "Who is served it: the canary's pods, or everybody."),
        }),
        { description: "Flags that FlagOverrides of this rollout switch." },
      ),
    ),
    lastPass: optional(
      Type.Object(
        {
          run: count("Run of the check."),
          check: count("Number of the check in its run."),
          revision: text("Revision that passed."),
          at: moment("Evaluation time."),
        },
        { description: "The last check that passed." },
      ),
    ),
    opened: optional(Type.Boolean({ description: "The pre-rollout hooks of this run passed." })),
    waitingFor: optional(gate("Gate that was announced as waiting.")),
    unknownChecks: optional(count("Checks without data in a row.")),
    readySince: optional(moment("Since when the canary has been ready in this run.")),
    hold: optional(
      Type.Object(
        {
          rule: text("Rule that holds."),
          message: text("What is waited for."),
          since: moment("Since when."),
          hint: optional(text("What can be done about it.")),
        },
        { description: "Why nothing moves." },
      ),
    ),
    paused: optional(Type.Object(AskedSchema, { description: "A person paused the run." })),
    approvals: optional(
      Type.Array(
        Type.Object({
          gate: gate("Gate that is open."),
          ...AskedSchema,
          revision: text("Revision that was approved."),
        }),
        { description: "Gates of this run that a person opened." },
      ),
    ),
    override: optional(
      Type.Object(
        { action: oneOf(["promote", "skip"], "What was asked for."), revision: text("Revision."), ...AskedSchema },
        { description: "A person asked to promote this very revision." },
      ),
    ),
    startRequested: optional(Type.Object(AskedSchema, { description: "A person asked for a new run." })),
    rollback: optional(
      Type.Object(
        { cause: text("One word."), message: text("For people."), at: moment("When it began.") },
        { description: "A rollback that has begun and must be finished." },
      ),
    ),
    promotionFailed: optional(Type.Boolean({ description: "The primary is not to be trusted; the canary serves." })),
    afterRun: optional(
      Type.Object(
        {
          hooks: Type.Array(Type.String(), { description: "Hooks still to be called." }),
          closing: optional(oneOf(["completed", "skipped"], "How the run ended.")),
        },
        { description: "What is still to be done after the end of a run." },
      ),
    ),
    terminating: optional(oneOf(["reverting", "reverted", "told"], "How far a deletion has come.")),
    lastAction: optional(LastActionSchema),
    annotationsToRemove: optional(
      Type.Array(Type.String(), { description: "Annotations that were honoured and are to be removed." }),
    ),
    announcements: optional(
      Type.Array(PendingNoticeSchema, { description: "Told, but not yet confirmed as delivered." }),
    ),
    noticeCount: optional(count("Notices made so far.")),
    canaryAnalysis: optional(Type.Array(FinishedCheckSchema, { description: "The last checks, newest last." })),
  },
  { description: "Written by the controller only." },
);
export type CanaryStatus = Static<typeof CanaryStatusSchema>;
