import type { Metrics } from "@burgee/service-kit";
import type { AlertSeverity } from "./alert.ts";

export interface DispatcherMetrics {
  finished(o: {
    type: string;
    severity: AlertSeverity;
    result: "delivered" | "failed" | "duplicate";
    seconds: number;
  }): void;
}

/** What the dispatcher counts. Labels are bounded: types and severities. */
export function createDispatcherMetrics(metrics: Metrics): DispatcherMetrics {
  const total = metrics.counter({
    name: "burgee_alert_dispatcher_deliveries_total",
    help: "Attempts to deliver an alert to one receiver, by what came of it",
    labelNames: ["type", "severity", "result"],
  });
  const duration = metrics.histogram({
    name: "burgee_alert_dispatcher_delivery_seconds",
    help: "Time of one attempt, waiting for the receiver's rate limit included",
    labelNames: ["type"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  });
  return {
    finished({ type, severity, result, seconds }) {
      total.inc({ type, severity, result });
      if (result !== "duplicate") duration.observe({ type }, seconds);
    },
  };
}
