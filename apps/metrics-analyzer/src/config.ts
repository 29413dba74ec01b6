import { busOptions } from "@burgee/event-bus";
import { kubeAccessCheck, kubeOptions } from "@burgee/kube";
import { defineConfig, option } from "@burgee/service-kit";

/** Everything that can be set. */
export const configSchema = defineConfig(
  "METRICS_ANALYZER",
  {
    ...busOptions,
    ...kubeOptions,
    metricsServer: option.url({
      default: "http://prometheus:9090",
      about: "Prometheus for built-in and inline metrics of canaries that name none (spec.metricsServer)",
    }),
    verdictKey: option.secret({
      optional: true,
      about: "key that signs verdicts; the controller needs the same. Without it verdicts are not signed",
    }),
    checkConcurrency: option.integer({ default: 16, min: 1, max: 1000, about: "checks evaluated at the same time" }),
    queryConcurrency: option.integer({
      default: 32,
      min: 1,
      max: 1000,
      about: "queries to metric providers at the same time, over all checks",
    }),
    checkDeadline: option.duration({
      default: "12s",
      min: "100ms",
      max: "1m",
      about: "a check is answered within this time; metrics without a value by then are unknown",
    }),
    resultCache: option.duration({
      default: "5m",
      min: "0s",
      max: "1h",
      about: "how long an answer is remembered for the same check asked again",
    }),
    evaluateToken: option.secret({
      optional: true,
      about: "bearer token of the service that evaluates checks outside of a rollout; without it that is not served",
    }),
    evaluatePort: option.port({
      default: 8084,
      about: "port of burgee.analysis.v1.AnalyzerService (gRPC, Connect), when it is served",
    }),
  },
  { managementPort: 8083, checks: [kubeAccessCheck] },
);
