import type { Observer } from "./observer.ts";

/** Linkerd: responses that the canary proxies report. */
export const linkerd: Observer = {
  succeeded: `sum( rate( response_total{ namespace="{{ namespace }}", deployment=~"{{ target }}", classification!="failure", direction="inbound" }[{{ interval }}] ) )`,
  total: `sum( rate( response_total{ namespace="{{ namespace }}", deployment=~"{{ target }}", direction="inbound" }[{{ interval }}] ) )`,
  duration: `histogram_quantile( 0.99, sum( rate( response_latency_ms_bucket{ namespace="{{ namespace }}", deployment=~"{{ target }}", direction="inbound" }[{{ interval }}] ) ) by (le) )`,
  durationUnit: "ms",
};
