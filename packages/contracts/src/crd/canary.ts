// flagger.app/v1beta1 Canary: a superset of upstream's schema.
import Type, { type Static } from "typebox";
import { CanaryAnalysisSchema } from "./canary-analysis.ts";
import { CanaryServiceSchema } from "./canary-service.ts";
import { type CanaryStatus, CanaryStatusSchema } from "./canary-status.ts";
import type { KindDefinition } from "./define-crd.ts";
import { type CustomObjectMeta, mapOf, oneOf } from "./field.ts";

const optional = Type.Optional;

const objectRef = (kinds: readonly string[], description: string) =>
  Type.Object(
    {
      apiVersion: Type.String({ description: "API version of the object." }),
      kind: oneOf(kinds, "Kind of the object."),
      name: Type.String({ description: "Name of the object." }),
    },
    { description },
  );

const CanarySpecSchema = Type.Object(
  {
    provider: optional(
      Type.String({
        description:
          "Traffic router: kubernetes, gatewayapi:v1, gatewayapi:v1beta1, istio, …; default: the controller's --mesh-provider.",
      }),
    ),
    metricsServer: optional(Type.String({ description: "Prometheus address for built-in and inline metrics." })),
    progressDeadlineSeconds: optional(
      Type.Number({ description: "Seconds that pods may take to become available; default 600." }),
    ),
    targetRef: Type.Object(
      {
        apiVersion: Type.String({ description: "API version of the target." }),
        kind: Type.String({
          description:
            "Deployment, DaemonSet, StatefulSet, Service (of Knative, too) or a custom workload with a scale subresource.",
        }),
        name: Type.String({ description: "Name of the target." }),
      },
      { description: "The workload whose new revisions are rolled out." },
    ),
    autoscalerRef: optional(
      Type.Object(
        {
          apiVersion: Type.String({ description: "API version of the autoscaler." }),
          kind: oneOf(["HorizontalPodAutoscaler", "ScaledObject"], "Kind of the autoscaler."),
          name: Type.String({ description: "Name of the autoscaler." }),
          primaryScalerQueries: optional(mapOf(Type.String(), "KEDA: query of the primary by trigger name.")),
          primaryScalerReplicas: optional(
            Type.Object(
              {
                minReplicas: optional(Type.Integer({ minimum: 1, description: "Least replicas of the primary." })),
                maxReplicas: optional(Type.Integer({ minimum: 1, description: "Most replicas of the primary." })),
              },
              { description: "Bounds of the primary's autoscaler, in place of the target's." },
            ),
          ),
        },
        { description: "Autoscaler of the target; the primary gets its own." },
      ),
    ),
    ingressRef: optional(objectRef(["Ingress"], "Source Ingress of NGINX and Skipper.")),
    routeRef: optional(objectRef(["ApisixRoute"], "Source route of APISIX.")),
    upstreamRef: optional(
      Type.Object(
        {
          apiVersion: Type.String({ description: "API version of the upstream." }),
          kind: oneOf(["Upstream"], "Kind of the upstream."),
          name: Type.String({ description: "Name of the upstream." }),
          namespace: optional(Type.String({ description: "Its namespace; default: the Canary's." })),
        },
        { description: "Template of the Gloo upstreams." },
      ),
    ),
    service: optional(CanaryServiceSchema),
    skipAnalysis: optional(Type.Boolean({ description: "Promote every revision without analysis." })),
    revertOnDeletion: optional(
      Type.Boolean({ description: "Give traffic and replicas back to the target when the Canary is deleted." }),
    ),
    suspend: optional(Type.Boolean({ description: "Freeze the rollout." })),
    dryRun: optional(Type.Boolean({ description: "Decide and tell, but write no traffic and no workload." })),
    dependsOn: optional(
      Type.Array(
        Type.Object({
          name: Type.String({ description: "Name of the Canary to wait for." }),
          namespace: optional(Type.String({ description: "Its namespace; default: the same." })),
          cluster: optional(Type.String({ description: "Its cluster; default: the same." })),
        }),
        { description: "Canaries that must have succeeded first." },
      ),
    ),
    analysis: CanaryAnalysisSchema,
  },
  { description: "What to roll out and how to judge it." },
);
export type CanarySpec = Static<typeof CanarySpecSchema>;

/** A Canary as the API server returns it. */
export interface Canary {
  /** Of another kind when that is seen in a Canary's shape. */
  apiVersion?: string;
  kind?: string;
  metadata: CustomObjectMeta;
  spec: CanarySpec;
  /** Absent until the controller has seen the object. */
  status?: CanaryStatus;
}

const wide = { priority: 1 };

/** flagger.app/v1beta1 Canary, as the API serves it. */
export const canaryKind: KindDefinition = {
  group: "flagger.app",
  version: "v1beta1",
  kind: "Canary",
  plural: "canaries",
  description: "A progressive rollout of one workload.",
  fields: { spec: CanarySpecSchema, status: CanaryStatusSchema },
  columns: [
    { name: "Status", jsonPath: ".status.phase" },
    { name: "Weight", jsonPath: ".status.canaryWeight" },
    { name: "Suspended", jsonPath: ".spec.suspend", type: "boolean", ...wide },
    { name: "FailedChecks", jsonPath: ".status.failedChecks", ...wide },
    { name: "Interval", jsonPath: ".spec.analysis.interval", ...wide },
    { name: "Mirror", jsonPath: ".spec.analysis.mirror", type: "boolean", ...wide },
    { name: "StepWeight", jsonPath: ".spec.analysis.stepWeight", ...wide },
    { name: "StepWeights", jsonPath: ".spec.analysis.stepWeights", ...wide },
    { name: "MaxWeight", jsonPath: ".spec.analysis.maxWeight", ...wide },
    { name: "LastTransitionTime", jsonPath: ".status.lastTransitionTime" },
    { name: "Hold", jsonPath: ".status.hold.message", ...wide },
  ],
};
