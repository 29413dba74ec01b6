import type { Metrics } from "@burgee/service-kit";
import type { Counter, Gauge } from "prom-client";

export interface ProxyMetrics {
  readonly subscriptions: Gauge;
  readonly watches: Gauge;
  readonly versions: Counter;
  readonly coalesced: Counter;
  readonly failures: Counter;
  readonly published: Counter;
  readonly dropped: Counter;
}

/** Registers the metrics of the proxy. */
export function createProxyMetrics(metrics: Metrics): ProxyMetrics {
  return {
    // Upstream's name.
    subscriptions: metrics.gauge({ name: "sync_active_streams", help: "Open sync subscriptions over all selectors" }),
    watches: metrics.gauge({
      name: "burgee_flagd_proxy_watches",
      help: "Upstream watches, one per selector that somebody subscribed to",
    }),
    versions: metrics.counter({
      name: "burgee_flagd_proxy_versions_total",
      help: "Versions of flag documents broadcast",
    }),
    coalesced: metrics.counter({
      name: "burgee_flagd_proxy_coalesced_versions_total",
      help: "Versions that a slow subscriber did not get because a newer one came first",
    }),
    failures: metrics.counter({
      name: "burgee_flagd_proxy_subscription_failures_total",
      help: "Subscriptions and fetches ended with an error",
    }),
    published: metrics.counter({
      name: "burgee_flagd_proxy_flag_changes_published_total",
      help: "Changes put on the stream flag.events",
    }),
    dropped: metrics.counter({
      name: "burgee_flagd_proxy_flag_changes_dropped_total",
      help: "Changes that were never put on the stream because it was away for too long",
    }),
  };
}
