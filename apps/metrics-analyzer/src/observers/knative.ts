import type { Observer } from "./observer.ts";

/** Knative: Envoy clusters of the newest revision, which the request names as its route. */
export const knative: Observer = {
  succeeded: `sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~"{{ namespace }}/{{ route }}", envoy_response_code!~"5.*" }[{{ interval }}] ) )`,
  total: `sum( rate( envoy_cluster_upstream_rq{ envoy_cluster_name=~"{{ namespace }}/{{ route }}", }[{{ interval }}] ) )`,
  duration: `histogram_quantile( 0.99, sum( rate( envoy_cluster_upstream_rq_time_bucket{ envoy_cluster_name=~"{{ namespace }}/{{ route }}", }[{{ interval }}] ) ) by (le) )`,
  durationUnit: "ms",
};
