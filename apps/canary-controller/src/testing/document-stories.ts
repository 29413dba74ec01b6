// What is to happen with each Canary of the documents, from the first version of its target on.
import { type Story, weights, copies, atWeights, atChecks, withCookie, times } from "./story.ts";

/** In steps of 10 to 50 %, a check each. */
const tens = { splits: weights(10, 50), minutes: 6 };
/** The same with an interval of half a minute. */
const fastTens = { splits: weights(10, 50), minutes: 3 };
/** Ten checks, one more with all the users, and promotion. */
const blueGreen = { splits: ["0:100", "100:0"], minutes: 12 };

/** No pod becomes ready within the ten minutes of the progress deadline: no user sees it. */
const withoutPods = { by: "pods", splits: [], minutes: 601 / 60 };

/** The documents name a metric that measures nothing: the real analyzer calls it unknown until there is a template or a query. */
const nothingToMeasure = (index: number, name: string) =>
  `MetricUnusable: spec.analysis.metrics[${index}].templateRef is absent, expected the name of a MetricTemplate, or a query: "${name}" is no built-in metric (request-success-rate, request-duration)`;

/** By `file/name`. */
export const stories: Readonly<Record<string, Story>> = {
  "ab-test/abtest": {
    good: { splits: withCookie("flagger-cookie", 86_400, ["0:100", "100:0"]), minutes: 11, checks: 10 },
    bad: {
      by: "metrics",
      threshold: 10,
      splits: withCookie("flagger-cookie", 86_400, ["0:100", "100:0"]),
      minutes: 10,
      checks: 10,
    },
  },
  "ab-test-headers/recommendation-api": {
    good: {
      splits: withCookie("recommendation-version", 604_800, ["0:100", "100:0"]),
      minutes: 169 * 60,
      checks: 168,
      hooks: ["event: Promotion completed! Scaling down recommendation-api.mobile-backend"],
    },
    bad: {
      by: "metrics",
      splits: withCookie("recommendation-version", 604_800, ["0:100", "100:0"]),
      minutes: 60,
      checks: 1,
      hooks: ["event: Canary failed! Scaling down recommendation-api.mobile-backend"],
    },
  },
  "alerts/myapp-alerts": { good: tens, bad: withoutPods },
  "approval/payment-api": {
    reluctant: "confirm-promotion",
    good: {
      splits: weights(5, 50),
      minutes: 24,
      checks: 11,
      hooks: [
        ...atWeights(5, 50, "load-test", "acceptance-test"),
        "confirm-promotion confirm-promotion at 50 %",
        "rollout load-test at 50 %",
        "rollout acceptance-test at 50 %",
        "confirm-promotion confirm-promotion at 50 %",
      ],
      alerts: ["WARN Canary promotion is waiting for approval."],
    },
    bad: {
      by: "metrics",
      threshold: 3,
      splits: ["95:5", "100:0"],
      minutes: 6,
      checks: 3,
      hooks: times(3, "rollout load-test at 5 %", "rollout acceptance-test at 5 %"),
    },
  },
  "blue-green/bluegreen": {
    good: { ...blueGreen, checks: 11, hooks: atChecks(11, "smoke-tests") },
    bad: {
      by: "smoke-tests",
      threshold: 10,
      splits: [],
      minutes: 10,
      hooks: times(10, "rollout smoke-tests at check 1"),
    },
  },
  "clusters/myapp-primary-cluster": {
    good: { ...tens, hooks: ["post-rollout notify-secondary-cluster at 0 %"] },
    bad: { ...withoutPods, hooks: ["post-rollout notify-secondary-cluster at 0 %"] },
  },
  "clusters/myapp-secondary-cluster": {
    good: { ...tens, hooks: ["pre-rollout wait-for-primary at 0 %"] },
    bad: {
      by: "wait-for-primary",
      threshold: 5,
      splits: [],
      minutes: 4,
      hooks: times(5, "pre-rollout wait-for-primary at 0 %"),
    },
  },
  "clusters/podinfo-multi-cluster": {
    good: {
      ...fastTens,
      splits: withCookie("flagger-canary", 3600, weights(10, 50)),
      checks: 5,
      hooks: ["pre-rollout cluster-validation at 0 %"],
    },
    bad: {
      by: "metrics",
      threshold: 5,
      splits: withCookie("flagger-canary", 3600, ["90:10", "100:0"]),
      minutes: 2.5,
      checks: 5,
      hooks: ["pre-rollout cluster-validation at 0 %"],
    },
  },
  "custom-metrics/multi-provider-app": {
    good: { ...tens, checks: 5 },
    bad: { by: "metrics", threshold: 5, splits: ["90:10", "100:0"], minutes: 5, checks: 5 },
  },
  "feature-flag-hooks/flagged": {
    good: { ...tens, hooks: ["pre-rollout enable-feature-flag at 0 %", ...atWeights(10, 50, "test-feature-flag")] },
    bad: {
      by: "test-feature-flag",
      threshold: 5,
      splits: ["90:10", "100:0"],
      minutes: 5,
      hooks: [
        "pre-rollout enable-feature-flag at 0 %",
        ...times(5, "rollout test-feature-flag at 10 %"),
        "on-rollback disable-feature-flag at 0 %",
      ],
    },
  },
  "gateway-api-and-istio/podinfo-gateway": {
    good: { ...fastTens, checks: 5, hooks: ["pre-rollout security-gate at 0 %"] },
    bad: {
      by: "security-gate",
      threshold: 5,
      splits: [],
      minutes: 2,
      hooks: times(5, "pre-rollout security-gate at 0 %"),
    },
  },
  "gateway-api-and-istio/podinfo-istio": {
    good: { ...fastTens, checks: 5, hooks: ["pre-rollout security-scan at 0 %", ...atWeights(10, 50, "load-test")] },
    bad: {
      by: "metrics",
      threshold: 5,
      splits: ["90:10", "100:0"],
      minutes: 2.5,
      checks: 5,
      hooks: ["pre-rollout security-scan at 0 %", ...times(5, "rollout load-test at 10 %")],
    },
  },
  "migration-hooks/user-service": {
    good: {
      ...blueGreen,
      checks: 11,
      hooks: [
        "pre-rollout db-migration at 0 %",
        ...atChecks(11, "smoke-tests", "integration-tests"),
        "post-rollout db-cleanup at 0 %",
      ],
    },
    bad: {
      by: "metrics",
      splits: [],
      minutes: 1,
      checks: 1,
      hooks: [
        "pre-rollout db-migration at 0 %",
        ...atChecks(1, "smoke-tests", "integration-tests"),
        "on-rollback db-rollback at 0 %",
        "post-rollout db-cleanup at 0 %",
      ],
    },
  },
  "mirror/mirror": {
    problems: [nothingToMeasure(1, "error-rate")],
    good: { splits: [...copies(100, 100), "0:100", "100:0"], minutes: 12, checks: 11 },
    bad: { by: "metrics", threshold: 10, splits: [...copies(100, 100), "100:0"], minutes: 10, checks: 10 },
  },
  "mirror/progressive-mirror": {
    problems: [nothingToMeasure(0, "canary-errors")],
    good: { splits: [...copies(10, 100), "0:100", "100:0"], minutes: 12, checks: 11 },
    bad: { by: "metrics", splits: [...copies(10, 10), "100:0"], minutes: 1, checks: 1 },
  },
  "regions/api-gateway": {
    good: {
      splits: [...copies(100, 100), "0:100", "100:0"],
      minutes: 12,
      checks: 11,
      hooks: atChecks(11, "mirror-analysis"),
    },
    bad: {
      by: "mirror-analysis",
      splits: [...copies(100, 100), "100:0"],
      minutes: 1,
      hooks: atChecks(1, "mirror-analysis"),
    },
  },
  "regions/api-gateway-us-east": { good: blueGreen, bad: withoutPods },
  "regions/api-gateway-eu-west": {
    good: { ...blueGreen, hooks: ["pre-rollout check-us-east-status at 0 %"] },
    bad: {
      by: "check-us-east-status",
      splits: [],
      minutes: 0,
      hooks: ["pre-rollout check-us-east-status at 0 %"],
    },
  },
  "scheduling-and-speed/spot": { good: tens, canaryNodes: ["spot"], bad: withoutPods },
  "scheduling-and-speed/cold-start": {
    good: { ...tens, minutes: 6.5, checks: 5 },
    bad: { by: "metrics", threshold: 5, splits: ["90:10", "100:0"], minutes: 5.5, checks: 5 },
  },
  // Five steps to 100 %, five checks there.
  "scheduling-and-speed/myapp": { good: { splits: weights(20, 100), minutes: 5 }, bad: withoutPods },
  // Ten steps of five minutes, 100 minutes at 50 %, and one interval to drain the canary.
  "scheduling-and-speed/conservative": { good: { splits: weights(5, 50), minutes: 150 }, bad: withoutPods },
  "weighted/myapp": { good: tens, bad: withoutPods },
  "weighted/podinfo": {
    good: { splits: weights(5, 50), minutes: 11, checks: 10, hooks: atWeights(5, 50, "load-test") },
    bad: {
      by: "metrics",
      threshold: 10,
      splits: ["95:5", "100:0"],
      minutes: 10,
      checks: 10,
      hooks: times(10, "rollout load-test at 5 %"),
    },
  },
};
