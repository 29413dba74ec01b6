// burgee.dev/v1alpha1 FlagRollout: one variant of a flag, ramped through weights like a canary.
import Type, { type Static } from "typebox";
import { CanaryAnalysisSchema } from "./canary-analysis.ts";
import { type CanaryStatus, CanaryStatusSchema } from "./canary-status.ts";
import type { KindDefinition } from "./define-crd.ts";
import type { CustomObjectMeta } from "./field.ts";

const optional = Type.Optional;

/** What of a Canary's analysis makes sense without pods and requests. */
const FlagAnalysisSchema = Type.Pick(
  CanaryAnalysisSchema,
  [
    "interval",
    "threshold",
    "iterations",
    "maxWeight",
    "stepWeight",
    "stepWeights",
    "delay",
    "unknownThreshold",
    "onUnknown",
    "failurePolicy",
    "metrics",
    "alerts",
    "webhooks",
  ],
  { description: "How the variant is judged while its weight grows." },
);

const FlagRolloutSpecSchema = Type.Object(
  {
    flagRef: Type.Object(
      {
        name: Type.String({ minLength: 1, description: "FeatureFlag in the same namespace." }),
        key: Type.String({ minLength: 1, description: "Key of the flag in it." }),
      },
      { description: "The flag that is rolled out." },
    ),
    variant: Type.String({ minLength: 1, description: "Variant that is rolled out; another one starts another run." }),
    metricsServer: optional(Type.String({ description: "Prometheus address for built-in and inline metrics." })),
    skipAnalysis: optional(Type.Boolean({ description: "Promote every variant without analysis." })),
    suspend: optional(Type.Boolean({ description: "Freeze the rollout." })),
    dryRun: optional(Type.Boolean({ description: "Decide and tell, but change no flag." })),
    analysis: FlagAnalysisSchema,
  },
  { description: "What to roll out and how to judge it." },
);
export type FlagRolloutSpec = Static<typeof FlagRolloutSpecSchema>;

/** A FlagRollout as the API server returns it. */
export interface FlagRollout {
  apiVersion?: "burgee.dev/v1alpha1";
  kind?: "FlagRollout";
  metadata: CustomObjectMeta;
  spec: FlagRolloutSpec;
  /** Absent until the controller has seen the object. The canary's share is the variant's. */
  status?: CanaryStatus;
}

const wide = { priority: 1 };

/** burgee.dev/v1alpha1 FlagRollout, as the API serves it. */
export const flagRolloutKind: KindDefinition = {
  group: "burgee.dev",
  version: "v1alpha1",
  kind: "FlagRollout",
  plural: "flagrollouts",
  shortNames: ["fr"],
  description: "A progressive rollout of one variant of a feature flag.",
  fields: { spec: FlagRolloutSpecSchema, status: CanaryStatusSchema },
  columns: [
    { name: "Flag", jsonPath: ".spec.flagRef.key" },
    { name: "Variant", jsonPath: ".spec.variant" },
    { name: "Status", jsonPath: ".status.phase" },
    { name: "Weight", jsonPath: ".status.canaryWeight" },
    { name: "Suspended", jsonPath: ".spec.suspend", type: "boolean", ...wide },
    { name: "FailedChecks", jsonPath: ".status.failedChecks", ...wide },
    { name: "Interval", jsonPath: ".spec.analysis.interval", ...wide },
    { name: "StepWeight", jsonPath: ".spec.analysis.stepWeight", ...wide },
    { name: "StepWeights", jsonPath: ".spec.analysis.stepWeights", ...wide },
    { name: "MaxWeight", jsonPath: ".spec.analysis.maxWeight", ...wide },
    { name: "LastTransitionTime", jsonPath: ".status.lastTransitionTime" },
    { name: "Hold", jsonPath: ".status.hold.message", ...wide },
  ],
};
