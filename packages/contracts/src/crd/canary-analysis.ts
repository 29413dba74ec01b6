// spec.analysis of a Canary.
import Type, { type Static } from "typebox";
import { HttpMatchSchema } from "./canary-service.ts";
import { anyJson, anyObject, described, duration, mapOf, oneOf, stringMap } from "./field.ts";

const optional = Type.Optional;

/** Every hook type that `webhooks[].type` may name; the empty one is `rollout`. */
export const webhookTypes = [
  "",
  "rollout",
  "confirm-rollout",
  "pre-rollout",
  "confirm-traffic-increase",
  "confirm-promotion",
  "post-rollout",
  "event",
  "rollback",
  "on-rollback",
] as const;

/** What `webhooks[].events` may name. */
export const webhookEvents = [
  "all",
  "step",
  "gate",
  "promotion",
  "rollback",
  "analysis-complete",
  "Normal",
  "Warning",
] as const;

const CanaryMetricSchema = Type.Object({
  name: Type.String({ description: "Name of the metric; request-success-rate and request-duration are built in." }),
  interval: optional(duration("Window of the query, Go duration; default 1m for built-in and inline metrics.")),
  threshold: optional(
    Type.Number({
      description: "Deprecated: a minimum for request-success-rate, a maximum for everything else. Use thresholdRange.",
    }),
  ),
  thresholdRange: optional(
    Type.Object(
      {
        min: optional(Type.Number({ description: "Smallest accepted value." })),
        max: optional(Type.Number({ description: "Largest accepted value." })),
      },
      { description: "Inclusive bounds." },
    ),
  ),
  query: optional(Type.String({ description: "Inline query, run against metricsServer." })),
  templateRef: optional(
    Type.Object(
      {
        name: Type.String({ description: "Name of the MetricTemplate." }),
        namespace: optional(Type.String({ description: "Its namespace; default: the Canary's." })),
      },
      { description: "MetricTemplate that supplies provider and query." },
    ),
  ),
  templateVariables: optional(stringMap("Variables that the template's query may name.")),
  judge: optional(
    Type.Object(
      {
        method: optional(
          oneOf(["threshold", "compare", "sequential", "anomaly"], "How values are judged; default threshold."),
        ),
      },
      { description: "Judgement beyond thresholds.", "x-kubernetes-preserve-unknown-fields": true },
    ),
  ),
});
export type CanaryMetric = Static<typeof CanaryMetricSchema>;

const CanaryWebhookSchema = Type.Object({
  name: Type.String({ description: "Name of the hook, shown in events." }),
  url: Type.String({ description: "Address that is called with POST." }),
  type: optional(oneOf(webhookTypes, "When the hook is called; empty means rollout.")),
  muteAlert: optional(Type.Boolean({ description: "Send no alert when this gate waits." })),
  timeout: optional(duration("Timeout of one attempt, Go duration; default 10s.")),
  retries: optional(Type.Number({ description: "Additional attempts; default 0." })),
  disableTLS: optional(Type.Boolean({ description: "Do not verify the server's certificate." })),
  metadata: optional(
    mapOf(anyJson("Any JSON; strings may hold {{ }} variables and $(params.x)."), "Sent in the payload."),
  ),
  events: optional(
    Type.Array(oneOf(webhookEvents, "A kind of event, or the type of its Kubernetes Event."), {
      description: "An event hook hears only of these; default: what metadata.eventType names, else all.",
    }),
  ),
  minWeight: optional(Type.Number({ description: "Call a rollout hook only from this canary weight." })),
});
export type CanaryWebhook = Static<typeof CanaryWebhookSchema>;

const AlertSchema = Type.Object({
  name: Type.String({ description: "Name of the alert." }),
  severity: optional(oneOf(["", "info", "warn", "error"], "Least severity that is sent.")),
  providerRef: Type.Object(
    {
      name: Type.String({ description: "Name of the AlertProvider." }),
      namespace: optional(Type.String({ description: "Its namespace; default: the Canary's." })),
    },
    { description: "AlertProvider that delivers." },
  ),
});
export type CanaryAlert = Static<typeof AlertSchema>;

const SessionAffinitySchema = Type.Object({
  cookieName: Type.String({ description: "Cookie that keeps a user on the canary." }),
  primaryCookieName: optional(Type.String({ description: "Cookie that keeps a user on the primary." })),
  domain: optional(Type.String({ description: "Domain attribute." })),
  httpOnly: optional(Type.Boolean({ description: "HttpOnly attribute." })),
  maxAge: optional(Type.Number({ default: 86400, description: "Max-Age of the canary cookie in seconds." })),
  partitioned: optional(Type.Boolean({ description: "Partitioned attribute." })),
  path: optional(Type.String({ description: "Path attribute." })),
  sameSite: optional(oneOf(["Strict", "Lax", "None"], "SameSite attribute.")),
  secure: optional(Type.Boolean({ description: "Secure attribute." })),
});
export type SessionAffinity = Static<typeof SessionAffinitySchema>;

/** `spec.analysis`. */
export const CanaryAnalysisSchema = Type.Object(
  {
    interval: optional(duration("Time between two checks, Go duration; default 60s.")),
    threshold: optional(Type.Number({ description: "Failed checks that cause a rollback; default 1." })),
    iterations: optional(
      Type.Number({ description: "Checks of A/B and blue/green; with steps: green checks held at maxWeight." }),
    ),
    maxWeight: optional(Type.Number({ description: "Canary weight at which promotion begins; default 100." })),
    stepWeight: optional(Type.Number({ description: "Percent added at every step." })),
    stepWeights: optional(Type.Array(Type.Number(), { description: "Weights taken one after the other." })),
    stepWeightPromotion: optional(
      Type.Number({
        description: "Percent given back to the primary at every step of the promotion; 0 is all at once.",
      }),
    ),
    mirror: optional(Type.Boolean({ description: "Mirror traffic to the canary before it gets its own." })),
    mirrorWeight: optional(Type.Number({ description: "Percent of the traffic that is mirrored." })),
    mirrorStepWeight: optional(Type.Number({ description: "Percent by which the mirrored share grows." })),
    maxMirrorWeight: optional(Type.Number({ description: "Largest mirrored share in percent." })),
    primaryReadyThreshold: optional(Type.Number({ description: "Percent of primary pods that must be available." })),
    canaryReadyThreshold: optional(Type.Number({ description: "Percent of canary pods that must be available." })),
    delay: optional(duration("Warm-up between ready pods and the first check, Go duration.")),
    unknownThreshold: optional(
      Type.Number({ description: "Unknown verdicts in a row before the step is held and told; default: threshold." }),
    ),
    onUnknown: optional(oneOf(["hold", "rollback"], "What follows unknownThreshold; default hold.")),
    failurePolicy: optional(
      oneOf(["cumulative", "consecutive"], "Whether a green check forgives earlier failures; default cumulative."),
    ),
    match: optional(Type.Array(HttpMatchSchema, { description: "Requests that go to the canary (A/B)." })),
    metrics: optional(Type.Array(CanaryMetricSchema, { description: "Metrics of a check." })),
    alerts: optional(Type.Array(AlertSchema, { description: "Alerts of this canary; default: the global notifier." })),
    webhooks: optional(Type.Array(CanaryWebhookSchema, { description: "Hooks, called in list order." })),
    sessionAffinity: optional(
      described(SessionAffinitySchema, "Keeps a user on the side that he was sent to first, by a cookie."),
    ),
    flags: optional(
      Type.Array(
        Type.Object({
          name: Type.String({ minLength: 1, description: "Key of the flag." }),
          variant: Type.String({ minLength: 1, description: "Variant that canary pods get." }),
          featureFlag: optional(
            Type.String({
              description: "FeatureFlag object that has the key; default: the only one of the namespace that does.",
            }),
          ),
        }),
        {
          description:
            "Flags that are on for canary pods only during the run, for all after the promotion, and withdrawn by a rollback. With provider flag: the flags that are the route.",
        },
      ),
    ),
    canaryPod: optional(
      anyObject(
        "Where the canary's pods run: nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName, runtimeClassName.",
      ),
    ),
    canaryAnalysis: optional(
      Type.Object(
        {
          stepWeightPromotion: optional(Type.Number({ description: "Alias of mirrorStepWeight." })),
          maxMirrorWeight: optional(Type.Number({ description: "Alias of maxMirrorWeight." })),
          iterations: optional(Type.Number({ description: "Alias of iterations." })),
          templateVariables: optional(anyObject("Alias of canaryPod.")),
        },
        { description: "Nested spelling of some fields that documents use." },
      ),
    ),
  },
  { description: "How the new revision is judged." },
);
export type CanaryAnalysis = Static<typeof CanaryAnalysisSchema>;
