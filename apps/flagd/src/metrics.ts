import type { Metrics } from "@burgee/service-kit";
import { createHttpMetrics, type HttpMetrics } from "./http-metrics.ts";
import { createEvaluationCounts, type EvaluationCounts } from "./impressions.ts";
import { createRpcMetrics, type RpcMetrics } from "./rpc-metrics.ts";
import { createSyncMetrics, type SyncMetrics } from "./sync-metrics.ts";

/** All metrics of the service: upstream's under upstream's names, and ours. */
export interface FlagdMetrics {
  readonly evaluations: EvaluationCounts;
  readonly http: HttpMetrics;
  readonly rpc: RpcMetrics;
  readonly sync: SyncMetrics;
}

/** Registers the metrics of flagd, those of the life of flags aside. */
export function createFlagdMetrics(metrics: Metrics): FlagdMetrics {
  return {
    evaluations: createEvaluationCounts(metrics),
    http: createHttpMetrics(metrics),
    rpc: createRpcMetrics(metrics),
    sync: createSyncMetrics(metrics),
  };
}
