import type { MetricOrigin } from "@burgee/judge";
import { observerForTarget } from "../observers/index.ts";
import { durationTemplate, type Observer, requestRateTemplate, successRateTemplate } from "../observers/observer.ts";
import type { QueryAnswer } from "../providers/provider.ts";
import { findingFromAnswer, invalid, type MeasuringContext } from "./context.ts";
import type { Finding } from "./finding.ts";
import type { Measurement } from "./plan.ts";
import { metricsServerProblem, queryPrometheus } from "./prometheus-query.ts";

/** `request-success-rate` in percent or `request-duration` in milliseconds, from the metrics of the mesh. */
export async function measureBuiltin(measurement: Measurement, context: MeasuringContext): Promise<Finding> {
  const { metric, model } = measurement;
  const problem = metricsServerProblem(context.metricsServer);
  if (problem !== undefined) return invalid(problem);
  const observer = observerForTarget(context.meshProvider, context.targetKind);
  const encoded = { ...measurement, model: observer.encode?.(model) ?? model };
  const answer = await (metric.name === "request-duration" ? requestDuration : successRate)(observer, encoded, context);
  return findingFromAnswer(answer, metric.name, originOf(measurement, context));
}

/**
 * When every request failed there is no series of a success and the rate is empty, as if there was no traffic. Held as unknown
 * that canary would never be rolled back, so an empty rate is 0 % when there are requests at all.
 */
async function successRate(
  observer: Observer,
  measurement: Measurement,
  context: MeasuringContext,
): Promise<QueryAnswer> {
  const rate = await queryPrometheus(successRateTemplate(observer), measurement, context);
  if (rate.kind !== "no_data") return rate;
  const requests = await queryPrometheus(requestRateTemplate(observer), measurement, context);
  if (requests.kind !== "value") return requests.kind === "unreachable" ? requests : rate;
  return requests.value > 0 ? { kind: "value", value: 0 } : rate;
}

async function requestDuration(
  observer: Observer,
  measurement: Measurement,
  context: MeasuringContext,
): Promise<QueryAnswer> {
  const answer = await queryPrometheus(durationTemplate(observer), measurement, context);
  return answer.kind === "value" && observer.durationUnit === "s"
    ? { kind: "value", value: answer.value * 1000 }
    : answer;
}

function originOf({ model }: Measurement, { meshProvider, targetKind }: MeasuringContext): MetricOrigin {
  // Flagger marks targets of kind Service so, and its event texts show it. A Knative service is of that kind, too.
  const suffix =
    targetKind === "Service" && meshProvider !== "knative" && !meshProvider.endsWith(":service") ? ":service" : "";
  return { from: "builtin", provider: `${meshProvider}${suffix}`, target: model.target, namespace: model.namespace };
}
