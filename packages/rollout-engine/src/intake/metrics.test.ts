import { expect, test } from "vitest";
import { passWith } from "../testing/pass-with.ts";
import { takeMetrics } from "./metrics.ts";

const metric = { name: "sales", interval: "", templateVariables: {} };
const text =
  'spec.analysis.metrics[0].templateRef is absent, expected the name of a MetricTemplate, or a query: "sales" is no built-in metric (request-success-rate, request-duration)';

test("a metric that measures nothing is an event and a condition, once, until it is mended", () => {
  const bad = passWith({ spec: { metrics: [metric] } });
  const told = takeMetrics(bad, bad.status);
  expect(told.conditions?.at(-1)).toMatchObject({ type: "MetricUnusable", status: "True", message: text });
  expect(told.announcements).toMatchObject([{ type: "Warning", message: text }]);
  expect(takeMetrics(bad, told)).toBe(told);
  const mended = passWith({ spec: { metrics: [{ ...metric, query: "up" }] } });
  expect(takeMetrics(mended, told).conditions?.at(-1)).toMatchObject({ type: "MetricUnusable", status: "False" });
  expect(takeMetrics(mended, mended.status)).toBe(mended.status);
});
