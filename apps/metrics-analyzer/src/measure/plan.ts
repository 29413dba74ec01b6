import type { AnalysisRequested, Metric } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { metricKindFromName } from "@burgee/judge";
import { tryParseGoDuration } from "@burgee/service-kit";
import type { QueryModel } from "../render-query.ts";

/** Upstream's default for built-in and inline metrics; template metrics without an interval get it too. */
const defaultInterval = "1m";

/** One value to get. A metric that is built in and also names a query or a template makes several, as in Flagger. */
export interface Measurement {
  readonly source: "builtin" | "inline" | "template" | "none";
  readonly metric: Metric;
  readonly model: QueryModel;
}

/** What a check measures, in Flagger's order: built-in and inline queries first, then templates, each as listed. */
export function planMeasurements(request: AnalysisRequested): Measurement[] {
  const inOrder = request.metrics.flatMap((metric) =>
    sourcesOf(metric).map((source) => ({ source, metric, model: modelFrom(request, metric) })),
  );
  const isLate = ({ source }: Measurement): boolean => source === "template" || source === "none";
  return [...inOrder.filter((measurement) => !isLate(measurement)), ...inOrder.filter(isLate)];
}

function sourcesOf(metric: Metric): Measurement["source"][] {
  const sources: Measurement["source"][] = [];
  if (metricKindFromName(metric.name) !== "custom") sources.push("builtin");
  if (metric.query !== "") sources.push("inline");
  if (metric.templateRef !== undefined) sources.push("template");
  return sources.length === 0 ? ["none"] : sources;
}

function modelFrom({ name, namespace, target }: AnalysisRequested, metric: Metric): QueryModel {
  const targetName = target?.name ?? "";
  return {
    name,
    namespace,
    target: targetName,
    service: target?.service || targetName,
    ingress: target?.ingress || targetName,
    route: target?.route || targetName,
    interval: metric.interval || defaultInterval,
    variables: metric.templateVariables,
  };
}

/** The window of a query in milliseconds; the default one when the interval is not a Go duration. */
export function intervalMsOf({ interval }: QueryModel): number {
  return tryParseGoDuration(interval) ?? 60_000;
}
