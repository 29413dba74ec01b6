import type { Metrics } from "@burgee/service-kit";

/** What this service counts. */
export interface AdminMetrics {
  request(o: { method: string; route: string; status: number; seconds: number }): void;
  eventStreams(change: 1 | -1): void;
}

/** Registers the metrics of the API. */
export function createAdminMetrics(metrics: Metrics): AdminMetrics {
  const seconds = metrics.histogram({
    name: "burgee_admin_api_request_seconds",
    help: "Time to answer a request; event streams are not counted",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
  });
  const open = metrics.gauge({ name: "burgee_admin_api_event_streams", help: "Event streams open now" });
  return {
    request: ({ method, route, status, seconds: taken }) =>
      seconds.observe({ method, route, status: String(status) }, taken),
    eventStreams: (change) => open.inc(change),
  };
}
