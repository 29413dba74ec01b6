import type { MetricKind } from "./bounds.ts";
import { formatDuration, formatFixed2, formatFloat } from "./go-format.ts";
import type { Breach } from "./judge-value.ts";

/** The canary that an event text is about. */
export interface CanaryName {
  readonly name: string;
  readonly namespace: string;
}

/** A value that broke a limit, as the texts name it. */
export interface BreachText {
  readonly canary: CanaryName;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly value: number;
  readonly breach: Breach;
}

/** `Halt podinfo.test advancement success rate 95.00% < 99%`, as Flagger words it for each kind of metric. */
export function breachText({ canary, metric, kind, value, breach }: BreachText): string {
  const comparison = breach.side === "below-min" ? "<" : ">";
  const start = `Halt ${canary.name}.${canary.namespace} advancement`;
  switch (kind) {
    case "request-success-rate":
      return `${start} success rate ${formatFixed2(value)}% ${comparison} ${formatFloat(breach.limit)}%`;
    case "request-duration":
      return `${start} request duration ${formatDuration(value)} ${comparison} ${formatDuration(breach.limit)}`;
    case "custom":
      return `${start} ${metric} ${formatFixed2(value)} ${comparison} ${formatFloat(breach.limit)}`;
  }
}

/** Where a metric's query comes from; the texts differ. */
export type MetricOrigin =
  | { readonly from: "builtin"; readonly provider: string; readonly target: string; readonly namespace: string }
  | { readonly from: "inline" }
  | { readonly from: "template" };

/** The provider answered, but has no value for the metric. */
export function noValuesText(metric: string, origin: MetricOrigin, error: string): string {
  switch (origin.from) {
    case "builtin": {
      const text = `Halt advancement no values found for ${origin.provider} metric ${metric} probably ${origin.target}.${origin.namespace} is not receiving traffic`;
      // Upstream names the error for the success rate only.
      return metric === "request-duration" ? text : `${text}: ${error}`;
    }
    case "inline":
      return `Halt advancement no values found for metric: ${metric}`;
    case "template":
      return `Halt advancement no values found for custom metric: ${metric}: ${error}`;
  }
}

/** The provider could not be asked, or refused the query. */
export function queryFailedText(metric: string, origin: MetricOrigin, error: string): string {
  switch (origin.from) {
    case "builtin":
      return `Prometheus query failed: ${error}`;
    case "inline":
      return `Prometheus query failed for ${metric}: ${error}`;
    case "template":
      return `Metric query failed for ${metric}: ${error}`;
  }
}

/** A template by name and namespace. */
export interface TemplateName {
  readonly name: string;
  readonly namespace: string;
}

/** The template itself cannot be had. */
export function templateText(template: TemplateName, error: string): string {
  return `Metric template ${template.name}.${template.namespace} error: ${error}`;
}

/** The secret that a template's provider needs cannot be had. Never carries its content. */
export function templateSecretText(template: TemplateName, secret: string, error: string): string {
  return `Metric template ${template.name}.${template.namespace} secret ${secret} error: ${error}`;
}

/** The template's provider section is wrong. */
export function templateProviderText(template: TemplateName, provider: string, error: string): string {
  return `Metric template ${template.name}.${template.namespace} provider ${provider} error: ${error}`;
}

/** The template's query cannot be rendered. */
export function templateRenderText(template: TemplateName, error: string): string {
  return `Metric template ${template.name}.${template.namespace} query render error: ${error}`;
}

/** The Prometheus base URL of a canary is not usable. */
export function metricsServerText(address: string, error: string): string {
  return `Error building Prometheus client for ${address} ${error}`;
}

/** A metric that is not built in has neither a template nor a query. */
export const noUsableQueryText = "Metric query failed for no usable metrics template and query were configured";
