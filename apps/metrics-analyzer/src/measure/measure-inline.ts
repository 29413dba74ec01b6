import { findingFromAnswer, invalid, type MeasuringContext } from "./context.ts";
import type { Finding } from "./finding.ts";
import type { Measurement } from "./plan.ts";
import { metricsServerProblem, queryPrometheus } from "./prometheus-query.ts";

/** The deprecated `query` of a metric, run against the canary's Prometheus. */
export async function measureInline(measurement: Measurement, context: MeasuringContext): Promise<Finding> {
  const problem = metricsServerProblem(context.metricsServer);
  if (problem !== undefined) return invalid(problem);
  const answer = await queryPrometheus(measurement.metric.query, measurement, context);
  return findingFromAnswer(answer, measurement.metric.name, { from: "inline" });
}
