export { type Bounds, boundsFromLimits, type Limits, type MetricKind, metricKindFromName } from "./bounds.ts";
export {
  type BreachText,
  breachText,
  type CanaryName,
  type MetricOrigin,
  metricsServerText,
  noUsableQueryText,
  noValuesText,
  queryFailedText,
  type TemplateName,
  templateProviderText,
  templateRenderText,
  templateSecretText,
  templateText,
} from "./event-texts.ts";
export { formatDuration, formatFixed2, formatFloat } from "./go-format.ts";
export { type Breach, type Judgement, judgeValue } from "./judge-value.ts";
export { combineOutcomes, type Outcome } from "./outcome.ts";
