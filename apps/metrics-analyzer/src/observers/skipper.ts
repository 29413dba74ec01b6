import type { Observer } from "./observer.ts";

/** Skipper: routes made for the canary service; the duration is a mean. */
export const skipper: Observer = {
  declarations: `{{- $route := printf "kube(ew)?_%s__%s_canary__.*__%s_canary(_[0-9]+)?" namespace ingress service }}`,
  succeeded: `sum(rate(skipper_response_duration_seconds_bucket{route=~"{{ $route }}",code!~"5..",le="+Inf"}[{{ interval }}]))`,
  total: `sum(rate(skipper_response_duration_seconds_bucket{route=~"{{ $route }}",le="+Inf"}[{{ interval }}]))`,
  duration: `sum(rate(skipper_serve_route_duration_seconds_sum{route=~"{{ $route }}"}[{{ interval }}])) / sum(rate(skipper_serve_route_duration_seconds_count{route=~"{{ $route }}"}[{{ interval }}])) * 1000`,
  durationUnit: "ms",
  encode: (model) => ({
    ...model,
    name: routeName(model.name),
    namespace: routeName(model.namespace),
    target: routeName(model.target),
    service: routeName(model.service),
    ingress: routeName(model.ingress),
  }),
};

/** Skipper replaces everything but word characters when it names routes. */
function routeName(text: string): string {
  return text.replaceAll(/\W/g, "_");
}
