import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type AnalysisRequested,
  AnalysisRequestedSchema,
  type MetricSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";

/** A request as the controller sends it, for tests. */
export function analysisRequest(o: {
  readonly target?: string;
  readonly namespace?: string;
  readonly kind?: string;
  readonly check?: number;
  readonly at?: number;
  readonly meshProvider?: string;
  readonly metricsServer?: string;
  readonly noDataFails?: boolean;
  readonly metrics: readonly MessageInitShape<typeof MetricSchema>[];
}): AnalysisRequested {
  const { target = "app", namespace = "test", kind = "Deployment", check = 1, at = Date.now() } = o;
  return create(AnalysisRequestedSchema, {
    check: { canaryUid: "5b1f", run: 1n, check: BigInt(check) },
    name: "podinfo",
    namespace,
    revision: "85d557f47b",
    weight: 10,
    specHash: "abc",
    at: timestampFromMs(at),
    target: { name: target, kind },
    meshProvider: o.meshProvider ?? "gatewayapi:v1",
    metricsServer: o.metricsServer ?? "",
    noDataFails: o.noDataFails ?? false,
    metrics: [...o.metrics],
  });
}
