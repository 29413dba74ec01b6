import { describe, expect, it } from "vitest";
import {
  breachText,
  metricsServerText,
  noUsableQueryText,
  noValuesText,
  queryFailedText,
  templateProviderText,
  templateRenderText,
  templateSecretText,
  templateText,
} from "./event-texts.ts";

const canary = { name: "podinfo", namespace: "test" };
const template = { name: "error-rate", namespace: "flagger-system" };
const builtin = { from: "builtin", provider: "gatewayapi:v1", target: "podinfo", namespace: "test" } as const;

const cases: Record<string, [actual: string, expected: string]> = {
  "success rate below": [
    breachText({
      canary,
      metric: "request-success-rate",
      kind: "request-success-rate",
      value: 95,
      breach: { side: "below-min", limit: 99 },
    }),
    "Halt podinfo.test advancement success rate 95.00% < 99%",
  ],
  "success rate above": [
    breachText({
      canary,
      metric: "request-success-rate",
      kind: "request-success-rate",
      value: 100,
      breach: { side: "above-max", limit: 99.5 },
    }),
    "Halt podinfo.test advancement success rate 100.00% > 99.5%",
  ],
  "duration above": [
    breachText({
      canary,
      metric: "request-duration",
      kind: "request-duration",
      value: 1515,
      breach: { side: "above-max", limit: 500 },
    }),
    "Halt podinfo.test advancement request duration 1.515s > 500ms",
  ],
  "custom metric above": [
    breachText({ canary, metric: "error-rate", kind: "custom", value: 5.126, breach: { side: "above-max", limit: 1 } }),
    "Halt podinfo.test advancement error-rate 5.13 > 1",
  ],
  "no values of a built-in rate": [
    noValuesText("request-success-rate", builtin, "no values found"),
    "Halt advancement no values found for gatewayapi:v1 metric request-success-rate probably podinfo.test is not receiving traffic: no values found",
  ],
  "no values of a built-in duration": [
    noValuesText("request-duration", builtin, "no values found"),
    "Halt advancement no values found for gatewayapi:v1 metric request-duration probably podinfo.test is not receiving traffic",
  ],
  "no values of an inline query": [
    noValuesText("kpi", { from: "inline" }, "no values found"),
    "Halt advancement no values found for metric: kpi",
  ],
  "no values of a template": [
    noValuesText("kpi", { from: "template" }, "no values found"),
    "Halt advancement no values found for custom metric: kpi: no values found",
  ],
  "failed built-in query": [
    queryFailedText("request-duration", builtin, "timeout"),
    "Prometheus query failed: timeout",
  ],
  "failed inline query": [
    queryFailedText("kpi", { from: "inline" }, "timeout"),
    "Prometheus query failed for kpi: timeout",
  ],
  "failed template query": [
    queryFailedText("kpi", { from: "template" }, "timeout"),
    "Metric query failed for kpi: timeout",
  ],
  "missing template": [
    templateText(template, "not found"),
    "Metric template error-rate.flagger-system error: not found",
  ],
  "missing secret": [
    templateSecretText(template, "prom", "not found"),
    "Metric template error-rate.flagger-system secret prom error: not found",
  ],
  "bad provider": [
    templateProviderText(template, "prometheus", "address is empty"),
    "Metric template error-rate.flagger-system provider prometheus error: address is empty",
  ],
  "bad query template": [
    templateRenderText(template, "unknown function"),
    "Metric template error-rate.flagger-system query render error: unknown function",
  ],
  "bad metrics server": [metricsServerText("prom", "not a URL"), "Error building Prometheus client for prom not a URL"],
  "nothing to ask": [noUsableQueryText, "Metric query failed for no usable metrics template and query were configured"],
};

describe("event texts", () => {
  for (const [name, [actual, expected]] of Object.entries(cases)) {
    it(name, () => expect(actual).toBe(expected));
  }
});
