import type { Metrics } from "@burgee/service-kit";

/** The analyzer's own metrics. */
export interface AnalyzerMetrics {
  /** A request was answered, so many seconds after its delivery. */
  answered(result: "pass" | "fail" | "unknown", from: "cache" | "shared" | "new", seconds: number): void;
  /** A provider was asked. */
  asked(provider: string, outcome: "value" | "no_data" | "unreachable" | "invalid", seconds: number): void;
}

/** Registers the metrics of the analyzer. */
export function createAnalyzerMetrics(metrics: Metrics): AnalyzerMetrics {
  const checks = metrics.counter({
    name: "burgee_metrics_analyzer_checks_total",
    help: "Checks answered, by result and by where the answer came from (new evaluation, one shared with a duplicate, cache).",
    labelNames: ["result", "source"],
  });
  const checkSeconds = metrics.histogram({
    name: "burgee_metrics_analyzer_check_duration_seconds",
    help: "Time from the delivery of a request to its published answer.",
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30],
  });
  const queries = metrics.counter({
    name: "burgee_metrics_analyzer_queries_total",
    help: "Queries to metric providers, by provider type and outcome.",
    labelNames: ["provider", "outcome"],
  });
  const querySeconds = metrics.histogram({
    name: "burgee_metrics_analyzer_query_duration_seconds",
    help: "Duration of queries to metric providers.",
    labelNames: ["provider"],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2.5, 5],
  });
  return {
    answered(result, source, seconds) {
      checks.inc({ result, source });
      checkSeconds.observe(seconds);
    },
    asked(provider, outcome, seconds) {
      queries.inc({ provider, outcome });
      querySeconds.observe({ provider }, seconds);
    },
  };
}
