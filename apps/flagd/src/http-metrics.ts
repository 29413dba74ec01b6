import type { Metrics } from "@burgee/service-kit";

/** One request on the evaluation port. */
export interface RequestRecord {
  readonly route: string;
  readonly method: string;
  readonly scheme: "http" | "https";
}

export interface HttpMetrics {
  /** Returns what to call when the response has ended. */
  begin(request: RequestRecord): (response: { status: number; bytes: number }) => void;
}

const labelNames = [
  "service_name",
  "http_route",
  "http_request_method",
  "http_response_status_code",
  "url_scheme",
] as const;

/** Upstream's metrics of HTTP requests. The status is the true one; upstream always writes 200. */
export function createHttpMetrics(metrics: Metrics): HttpMetrics {
  const duration = metrics.histogram({
    name: "http_server_request_duration_seconds",
    help: "Measures the duration of inbound HTTP requests.",
    labelNames,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const size = metrics.histogram({
    name: "http_server_response_body_size_bytes",
    help: "Measures the size of HTTP request messages (compressed).",
    labelNames,
    buckets: [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
  });
  const active = metrics.gauge({
    name: "http_server_active_requests",
    help: "Measures the number of concurrent HTTP requests that are currently in-flight.",
    labelNames: ["service_name", "http_route", "http_request_method", "url_scheme"],
  });
  return {
    begin({ route, method, scheme }) {
      const labels = { service_name: "flagd", http_route: route, http_request_method: method, url_scheme: scheme };
      const startedAt = performance.now();
      active.inc(labels);
      return ({ status, bytes }) => {
        active.dec(labels);
        const all = { ...labels, http_response_status_code: String(status) };
        duration.observe(all, (performance.now() - startedAt) / 1_000);
        size.observe(all, bytes);
      };
    },
  };
}
