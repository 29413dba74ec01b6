import type { Canary } from "@burgee/contracts/crd";
import type { AlertRoute, MetricSpec } from "../rollout-spec.ts";
import { problemText } from "./problem.ts";
import type { SpecReader } from "./reader.ts";

const builtIn: ReadonlySet<string> = new Set(["request-success-rate", "request-duration"]);

/** One line for each metric that measures nothing. Such a Canary is accepted as upstream does it; its checks cannot pass. */
export function unusableMetrics(metrics: readonly MetricSpec[]): string[] {
  return metrics.flatMap(({ name, query, templateRef }, index) => {
    if (builtIn.has(name) || query !== undefined || templateRef !== undefined) return [];
    const expected = `the name of a MetricTemplate, or a query: ${JSON.stringify(name)} is no built-in metric (${[...builtIn].join(", ")})`;
    return [problemText({ path: `spec.analysis.metrics[${index}].templateRef`, value: undefined, expected })];
  });
}

/** The metrics with their defaults. Upstream gives the interval of 1m to built-in and inline metrics only. */
export function readMetrics(canary: Canary, reader: SpecReader): MetricSpec[] {
  return (canary.spec.analysis?.metrics ?? []).map((metric, index) => {
    const path = `spec.analysis.metrics[${index}]`;
    const ownQuery = builtIn.has(metric.name) || metric.query !== undefined;
    reader.duration(`${path}.interval`, metric.interval, { fallbackMs: 0 });
    const { min, max } = metric.thresholdRange ?? {};
    if (min !== undefined && max !== undefined && min > max) {
      reader.add({ path: `${path}.thresholdRange`, value: { min, max }, expected: "min at most max" });
    }
    const ranged = min !== undefined || max !== undefined;
    return {
      name: metric.name,
      interval: metric.interval ?? (ownQuery ? "1m" : ""),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(metric.threshold === undefined || ranged ? {} : { threshold: metric.threshold }),
      ...(metric.query === undefined ? {} : { query: metric.query }),
      ...(metric.templateRef === undefined
        ? {}
        : {
            templateRef: {
              name: metric.templateRef.name,
              namespace: metric.templateRef.namespace ?? canary.metadata.namespace,
            },
          }),
      templateVariables: metric.templateVariables ?? {},
    };
  });
}

/** The alert routes. An absent severity stays absent: upstream sends nothing then. */
export function readAlerts(canary: Canary, reader: SpecReader): AlertRoute[] {
  return (canary.spec.analysis?.alerts ?? []).map((alert, index) => ({
    name: alert.name,
    severity: reader.choice(`spec.analysis.alerts[${index}].severity`, alert.severity, ["", "info", "warn", "error"]),
    providerRef: {
      name: alert.providerRef.name,
      namespace: alert.providerRef.namespace ?? canary.metadata.namespace,
    },
  }));
}
