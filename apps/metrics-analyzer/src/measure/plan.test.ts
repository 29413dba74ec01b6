import { expect, it } from "vitest";
import { analysisRequest } from "../testing/analysis-request.ts";
import { planMeasurements } from "./plan.ts";

it("measures built-in and inline metrics first, then templates, each as listed", () => {
  const request = analysisRequest({
    metrics: [
      { name: "kpi", templateRef: { name: "kpi" } },
      { name: "request-success-rate", templateRef: { name: "success-rate" } },
      { name: "errors", query: "errors" },
      { name: "empty" },
      { name: "request-duration" },
    ],
  });
  expect(planMeasurements(request).map(({ source, metric }) => `${source} ${metric.name}`)).toEqual([
    "builtin request-success-rate",
    "inline errors",
    "builtin request-duration",
    "template kpi",
    "template request-success-rate",
    "none empty",
  ]);
});

it("falls back to the target's name and an interval of a minute", () => {
  const [measurement] = planMeasurements(analysisRequest({ target: "app", metrics: [{ name: "request-duration" }] }));
  expect(measurement?.model).toEqual({
    name: "podinfo",
    namespace: "test",
    target: "app",
    service: "app",
    ingress: "app",
    route: "app",
    interval: "1m",
    variables: {},
  });
});
