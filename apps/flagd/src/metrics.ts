import type { Metrics } from "@burgee/service-kit";
import { createHttpMetrics, type HttpMetrics } from "./http-metrics.ts";
import { createImpressions, type Impressions } from "./impressions.ts";

/** All metrics of the service, under upstream's names. */
export interface FlagdMetrics {
  readonly impressions: Impressions;
  readonly http: HttpMetrics;
}

export function createFlagdMetrics(metrics: Metrics): FlagdMetrics {
  return { impressions: createImpressions(metrics), http: createHttpMetrics(metrics) };
}
