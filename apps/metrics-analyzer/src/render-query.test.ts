import { describe, expect, it } from "vitest";
import { queryTemplateProblem, renderQuery } from "./render-query.ts";

const model = {
  name: "podinfo",
  namespace: "test",
  target: "podinfo",
  service: "podinfo-svc",
  ingress: "podinfo-ing",
  route: "podinfo-route",
  interval: "1m",
  variables: { region: "eu-1" },
};

describe("renderQuery", () => {
  it("collapses white space to single spaces", () => {
    const template = `
      100 - sum(
        rate(requests{namespace="{{ namespace }}", region="{{ variables.region }}"}[{{ interval }}])
      )`;
    expect(renderQuery(template, model)).toEqual({
      query: ' 100 - sum( rate(requests{namespace="test", region="eu-1"}[1m]) )',
    });
  });

  it("names every part of the canary", () => {
    expect(renderQuery("{{ name }} {{ target }} {{ service }} {{ ingress }} {{ route }}", model)).toEqual({
      query: "podinfo podinfo podinfo-svc podinfo-ing podinfo-route",
    });
  });

  it("reports a variable that the metric does not have", () => {
    expect(renderQuery("{{ variables.zone }}", model)).toEqual({
      problem: 'line 1: map has no entry for key "zone", it has region',
    });
  });

  it("reports arguments to a name", () => {
    expect(renderQuery('{{ namespace "x" }}', model)).toEqual({
      problem: "line 1: namespace: got 1 values, expected none",
    });
  });

  it("does not take a name from the object prototype for a variable", () => {
    expect(renderQuery("{{ variables.toString }}", model)).toEqual({
      problem: 'line 1: map has no entry for key "toString", it has region',
    });
  });
});

describe("queryTemplateProblem", () => {
  it("accepts variables that only some canaries have", () =>
    expect(queryTemplateProblem("{{ variables.zone }}")).toBeUndefined());
  it("names an unknown function", () =>
    expect(queryTemplateProblem("{{ primary }}")).toContain('function "primary" is not defined'));
});
