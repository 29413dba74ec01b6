import type { MetricTemplate } from "@burgee/contracts/crd";
import { describe, expect, it } from "vitest";
import { describeProblems, templateProblems } from "./template-problems.ts";

const provider = { type: "prometheus", address: "http://prometheus:9090" };

const cases: Record<string, { spec: MetricTemplate["spec"]; text: string }> = {
  "accepts a template that upstream accepts": {
    spec: { provider, query: 'sum(errors{ns="{{ namespace }}"})' },
    text: "",
  },
  "names the known providers": {
    spec: { provider: { type: "promethius" }, query: "up" },
    text: 'spec.provider.type is "promethius", expected one of: prometheus',
  },
  "names a missing address": {
    spec: { provider: { type: "prometheus" }, query: "up" },
    text: 'spec.provider.address is "", expected a URL such as http://prometheus:9090',
  },
  "names an empty query": {
    spec: { provider, query: " " },
    text: 'spec.query is " ", expected a query of the provider, with {{ }} for the canary\'s names',
  },
  "names an unknown function of the query": {
    spec: { provider, query: "up{\n app={{ primary }}}" },
    text: 'spec.query is "up{ app={{ primary }}}", expected a Go template that parses; line 2: function "primary" is not defined',
  },
  "names all problems at once": {
    spec: { provider: { type: "prometheus", address: "x" }, query: "{{ end }}" },
    text: 'spec.provider.address is "x", expected a URL such as http://prometheus:9090; spec.query is "{{ end }}", expected',
  },
};

describe("templateProblems", () => {
  for (const [name, { spec, text }] of Object.entries(cases)) {
    it(name, () => {
      const problems = describeProblems(templateProblems({ spec }));
      expect(text === "" ? problems : problems.slice(0, text.length)).toBe(text);
    });
  }

  it("takes an object that a lax API server let through", () => {
    const spec: MetricTemplate["spec"] = JSON.parse("{}");
    expect(describeProblems(templateProblems({ spec }))).toBe(
      "spec.provider.type is missing, expected one of: prometheus",
    );
  });
});
