import type { ErrorCode, Resolution } from "@burgee/flag-engine";
import type { Metrics } from "@burgee/service-kit";
import { Counter } from "prom-client";

/** Counts evaluations under upstream's metric names. */
export interface Impressions {
  count(key: string, resolution: Resolution): void;
}

const scope = { otel_scope_name: "flagd", otel_scope_version: "", otel_scope_schema_url: "" };
const provider = { feature_flag_provider_name: "flagd" };

/** Answers that are counted before they are written to the metrics: bounds the memory between two scrapes. */
const pendingLimit = 10_000;

/**
 * A request only adds one to a number kept for its answer: answers are made once for each flag, so this needs no labels to be
 * put together. The numbers become metrics when they are scraped.
 */
export function createImpressions(metrics: Metrics): Impressions {
  const pending = new Map<Resolution, { readonly key: string; times: number }>();
  const failures = new Map<ErrorCode, number>();

  const impressions = new Counter({
    name: "feature_flag_flagd_impression_total",
    help: "Measures the number of evaluations for a given flag.",
    labelNames: [
      "feature_flag_key",
      "feature_flag_result_variant",
      "feature_flag_provider_name",
      "feature_flag_reason",
      ...Object.keys(scope),
    ],
    registers: [metrics.registry],
    collect: () => flush(),
  });
  const reasons = new Counter({
    name: "feature_flag_flagd_result_reason_total",
    help: "Measures the number of evaluations for a given reason.",
    labelNames: [
      "feature_flag_provider_name",
      "feature_flag_reason",
      "feature_flag_key",
      "ExceptionTypeKeyName",
      ...Object.keys(scope),
    ],
    registers: [metrics.registry],
    collect: () => flush(),
  });

  const flush = (): void => {
    for (const [resolution, { key, times }] of pending) {
      if (!resolution.ok) continue;
      const labels = { feature_flag_key: key, feature_flag_reason: resolution.reason, ...provider, ...scope };
      impressions.inc({ ...labels, feature_flag_result_variant: resolution.variant ?? "" }, times);
      reasons.inc(labels, times);
    }
    for (const [code, times] of failures) {
      reasons.inc({ feature_flag_reason: "ERROR", ExceptionTypeKeyName: code, ...provider, ...scope }, times);
    }
    pending.clear();
    failures.clear();
  };

  return {
    count(key, resolution) {
      if (!resolution.ok) {
        failures.set(resolution.errorCode, (failures.get(resolution.errorCode) ?? 0) + 1);
        return;
      }
      const entry = pending.get(resolution);
      if (entry !== undefined) {
        entry.times += 1;
        return;
      }
      if (pending.size >= pendingLimit) flush();
      pending.set(resolution, { key, times: 1 });
    },
  };
}
