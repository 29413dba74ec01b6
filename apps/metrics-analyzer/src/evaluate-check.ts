import { create } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type AnalysisRequested,
  type MetricResult,
  Result,
  type Verdict,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { combineOutcomes, metricKindFromName, type Outcome, queryFailedText } from "@burgee/judge";
import { formatGoDuration } from "@burgee/service-kit";
import { type Ask, unreachable } from "./measure/context.ts";
import { type Finding, judgeFinding } from "./measure/finding.ts";
import { measure } from "./measure/measure.ts";
import { type Measurement, planMeasurements } from "./measure/plan.ts";
import type { TemplateLookup } from "./metric-templates/template-lookup.ts";

/** What evaluating a check needs. */
export interface CheckEvaluation {
  readonly ask: Ask;
  readonly templates: TemplateLookup;
  /** Prometheus for requests that name none. */
  readonly metricsServer: string;
  /** A check is answered within this time; metrics without a value by then are unknown. */
  readonly deadlineMs: number;
}

/**
 * The verdict on one check. All metrics are measured, at the instant that the request names, and all results are reported in Flagger's
 * order. Rejects only for bugs and with the signal's reason.
 */
export async function evaluateCheck(
  request: AnalysisRequested,
  { deadlineMs, ...services }: CheckEvaluation,
  signal: AbortSignal,
): Promise<Verdict> {
  const { check, name, namespace, revision, weight, specHash, at } = request;
  const deadline = AbortSignal.timeout(deadlineMs);
  const context = {
    ...services,
    metricsServer: request.metricsServer || services.metricsServer,
    meshProvider: request.meshProvider,
    targetKind: request.target?.kind ?? "",
    at: at === undefined ? 0 : timestampMs(at),
    signal: AbortSignal.any([signal, deadline]),
  };
  const late = `no answer within ${formatGoDuration(deadlineMs)}`;
  const metrics = await Promise.all(
    planMeasurements(request).map(async (measurement) => {
      const finding = await before(deadline, measure(measurement, context), () =>
        unreachable(queryFailedText(measurement.metric.name, { from: "template" }, late)),
      );
      return resultOf(finding, measurement, request);
    }),
  );
  signal.throwIfAborted();
  const result = resultFromOutcome[combineOutcomes(metrics.map(outcomeOf))];
  return create(VerdictSchema, {
    name,
    namespace,
    revision,
    weight,
    specHash,
    result,
    metrics,
    ...(check && { check }),
    ...(at && { at }),
  });
}

function resultOf(finding: Finding, { source, metric }: Measurement, request: AnalysisRequested): MetricResult {
  // Under the name of a built-in metric a query or template still is a custom one: other text, other unit, other old threshold.
  const kind = source === "builtin" ? metricKindFromName(metric.name) : "custom";
  return judgeFinding(finding, { canary: request, metric, kind, noDataFails: request.noDataFails });
}

/** The promise's value, or the fallback when the deadline comes first. */
async function before(deadline: AbortSignal, promise: Promise<Finding>, fallback: () => Finding): Promise<Finding> {
  const passed = Promise.withResolvers<Finding>();
  const onAbort = (): void => passed.resolve(fallback());
  deadline.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, passed.promise]);
  } catch (error) {
    // A query that was still waiting for its turn ends with the deadline itself.
    if (deadline.aborted && error === deadline.reason) return fallback();
    throw error;
  } finally {
    deadline.removeEventListener("abort", onAbort);
  }
}

const resultFromOutcome: Readonly<Record<Outcome, Result>> = {
  pass: Result.PASS,
  fail: Result.FAIL,
  unknown: Result.UNKNOWN,
};

function outcomeOf({ result }: MetricResult): Outcome {
  if (result === Result.PASS) return "pass";
  return result === Result.FAIL ? "fail" : "unknown";
}
