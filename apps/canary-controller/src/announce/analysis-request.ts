// AnalysisRequested: what the analyzer is asked.
import { create, toBinary } from "@bufbuild/protobuf";
import { AnalysisRequestedSchema } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import type { Canary } from "@burgee/contracts/crd";
import type { NewEntry } from "@burgee/event-bus";
import type { Announcement, MetricSpec, RolloutSpec } from "@burgee/rollout-engine";
import { canaryKey } from "../canary-resource.ts";
import { timestamp } from "./timestamp.ts";

/** A check as an entry of `analysis.requests`. The same check is the same entry, whenever it is asked. */
export function analysisRequest(
  check: Extract<Announcement, { kind: "check" }>,
  o: { canary: Canary; spec: RolloutSpec; noDataFails: boolean; metricsServer: string },
): NewEntry {
  const { canary, spec } = o;
  const request = create(AnalysisRequestedSchema, {
    check: { canaryUid: spec.uid, run: BigInt(check.run), check: BigInt(check.check) },
    name: spec.name,
    namespace: spec.namespace,
    revision: check.revision,
    weight: check.weight,
    specHash: spec.specHash,
    at: timestamp(check.at),
    target: {
      name: spec.target.name,
      kind: spec.target.kind,
      service: spec.service,
      ingress: canary.spec.ingressRef?.name ?? "",
      route: canary.spec.routeRef?.name ?? "",
    },
    meshProvider: spec.provider,
    metricsServer: canary.spec.metricsServer ?? o.metricsServer,
    metrics: spec.metrics.map(metricMessage),
    noDataFails: o.noDataFails,
  });
  return {
    id: check.id,
    key: canaryKey(canary),
    seq: check.check,
    type: "AnalysisRequested",
    payload: toBinary(AnalysisRequestedSchema, request),
  };
}

function metricMessage(metric: MetricSpec) {
  const { name, interval, min, max, threshold, query, templateRef, templateVariables } = metric;
  return {
    name,
    interval,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(threshold === undefined ? {} : { threshold }),
    query: query ?? "",
    ...(templateRef === undefined ? {} : { templateRef: { ...templateRef } }),
    templateVariables: { ...templateVariables },
  };
}
