import type { Metrics } from "@burgee/service-kit";
import type { WorkQueueMetrics } from "./work-queue.ts";

const buckets = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60];

/** A queue's metrics as `<prefix>_queue_…`, for instance with the prefix `burgee_canary_controller`. */
export function workQueueMetrics(metrics: Metrics, prefix: string): WorkQueueMetrics {
  const depth = metrics.gauge({ name: `${prefix}_queue_depth`, help: "Keys waiting to be reconciled" });
  const retries = metrics.counter({
    name: `${prefix}_queue_retries_total`,
    help: "Reconciles that failed and are retried",
  });
  const queued = metrics.histogram({
    name: `${prefix}_queue_wait_seconds`,
    help: "How long a key waited before it was reconciled",
    buckets,
  });
  const handled = metrics.histogram({
    name: `${prefix}_reconcile_seconds`,
    help: "How long a reconcile took",
    labelNames: ["result"],
    buckets,
  });
  return {
    depth: (value) => depth.set(value),
    retry: () => retries.inc(),
    done({ queuedSeconds, handledSeconds, failed }) {
      queued.observe(queuedSeconds);
      handled.observe({ result: failed ? "failed" : "done" }, handledSeconds);
    },
  };
}
