import type { Metrics } from "@burgee/service-kit";
import type { Gates } from "./gates.ts";

export type TaskResult = "ok" | "failed" | "skipped";

export interface LoadtesterMetrics {
  started(): void;
  finished(type: string, result: TaskResult, seconds: number): void;
  skipped(type: string): void;
  rejected(reason: "bad_payload" | "forbidden" | "bad_task"): void;
}

/** What the load tester counts; upstream has only the metrics of its process. */
export function createLoadtesterMetrics(metrics: Metrics, gates: Gates): LoadtesterMetrics {
  const total = metrics.counter({
    name: "burgee_loadtester_tasks_total",
    help: "Tasks by type and how they ended; skipped are those whose command was already running",
    labelNames: ["type", "result"],
  });
  const duration = metrics.histogram({
    name: "burgee_loadtester_task_seconds",
    help: "Time that tasks ran",
    labelNames: ["type"],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600],
  });
  const running = metrics.gauge({ name: "burgee_loadtester_running_tasks", help: "Tasks that run now" });
  const rejected = metrics.counter({
    name: "burgee_loadtester_rejected_total",
    help: "Requests that were not acted on",
    labelNames: ["reason"],
  });
  metrics.gauge({
    name: "burgee_loadtester_open_gates",
    help: "Gates that are open",
    labelNames: ["kind"],
    collect(gauge) {
      for (const kind of ["confirm", "rollback"] as const) gauge.set({ kind }, gates.open(kind));
    },
  });
  return {
    started: () => running.inc(),
    finished(type, result, seconds) {
      running.dec();
      total.inc({ type, result });
      duration.observe({ type }, seconds);
    },
    skipped: (type) => total.inc({ type, result: "skipped" }),
    rejected: (reason) => rejected.inc({ reason }),
  };
}
