import { Reason } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createDialer, type Dialer } from "@burgee/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TemplateLookup } from "../metric-templates/template-lookup.ts";
import { type AnsweringServer, startAnsweringServer } from "../providers/testing/answering-server.ts";
import { analysisRequest } from "../testing/analysis-request.ts";
import { fixedTemplates } from "../testing/fixed-templates.ts";
import type { Finding } from "./finding.ts";
import { measure } from "./measure.ts";
import { planMeasurements } from "./plan.ts";

let server: AnsweringServer;
let dialer: Dialer;
beforeAll(async () => {
  server = await startAnsweringServer();
  server.answer = {
    status: 200,
    body: JSON.stringify({ data: { resultType: "vector", result: [{ value: [1, "7"] }] } }),
  };
  dialer = createDialer();
});
afterAll(async () => {
  await dialer.close();
  await server.stop();
});

const template = (
  change: object = {},
  query = 'errors{app="{{ target }}", region="{{ variables.region }}"}[{{ interval }}]',
) => ({
  provider: { type: "prometheus", address: server.url, ...change },
  query,
});

async function find(
  templates: TemplateLookup,
  templateVariables: Record<string, string> = { region: "eu" },
): Promise<Finding> {
  const metric = { name: "errors", templateRef: { name: "errors", namespace: "flagger-system" }, templateVariables };
  const [measurement] = planMeasurements(analysisRequest({ metrics: [metric] }));
  if (measurement === undefined) throw new Error("nothing to measure");
  return measure(measurement, {
    ask: (provider, query) => provider.query(query, dialer),
    templates,
    metricsServer: "",
    meshProvider: "",
    targetKind: "Deployment",
    at: 1_700_000_000_000,
    signal: new AbortController().signal,
  });
}

const unavailable: TemplateLookup = {
  template: async () => ({ kind: "unavailable", message: "[unreachable] GET /apis: connection refused" }),
  credentials: async () => ({ kind: "unavailable", message: "[unreachable] GET /api: connection refused" }),
};
const named = "Metric template errors.flagger-system";

const cases: Record<
  string,
  { templates: () => TemplateLookup; variables?: Record<string, string>; reason: Reason; message: string }
> = {
  "a template that does not exist": {
    templates: () => fixedTemplates({}),
    reason: Reason.INVALID,
    message: `${named} error: metrictemplate.flagger.app "errors" not found`,
  },
  "a template that cannot be read now": {
    templates: () => unavailable,
    reason: Reason.PROVIDER_UNREACHABLE,
    message: `${named} error: [unreachable] GET /apis: connection refused`,
  },
  "a provider that is not known": {
    templates: () => fixedTemplates({ templates: { "flagger-system/errors": template({ type: "promethius" }) } }),
    reason: Reason.INVALID,
    message: `${named} error: spec.provider.type is "promethius", expected one of: prometheus`,
  },
  "an address that is none": {
    templates: () => fixedTemplates({ templates: { "flagger-system/errors": template({ address: "prometheus" }) } }),
    reason: Reason.INVALID,
    message: `${named} error: spec.provider.address is "prometheus", expected a URL such as http://prometheus:9090`,
  },
  "a secret that does not exist": {
    templates: () =>
      fixedTemplates({ templates: { "flagger-system/errors": template({ secretRef: { name: "prom" } }) } }),
    reason: Reason.INVALID,
    message: `${named} secret prom error: secrets "prom" not found`,
  },
  "a secret in the canary's namespace only": {
    templates: () =>
      fixedTemplates({
        templates: { "flagger-system/errors": template({ secretRef: { name: "prom" } }) },
        secrets: { "test/prom": { token: "t" } },
      }),
    reason: Reason.INVALID,
    message: `${named} secret prom error: secrets "prom" not found`,
  },
  "a secret without the keys": {
    templates: () =>
      fixedTemplates({
        templates: { "flagger-system/errors": template({ secretRef: { name: "prom" } }) },
        secrets: { "flagger-system/prom": { username: "u" } },
      }),
    reason: Reason.INVALID,
    message: `${named} provider prometheus error: prometheus credentials does not contain a password`,
  },
  "a variable that the metric does not set": {
    templates: () => fixedTemplates({ templates: { "flagger-system/errors": template() } }),
    variables: {},
    reason: Reason.INVALID,
    message: `${named} query render error: line 1: map has no entry for key "region", it has none`,
  },
};

describe("measuring by template", () => {
  for (const [name, { templates, variables, reason, message }] of Object.entries(cases)) {
    it(`reports ${name}`, async () => {
      expect(await find(templates(), variables)).toEqual({ kind: "unknown", reason, message });
    });
  }

  it("asks the template's provider the rendered query with its credentials", async () => {
    const templates = fixedTemplates({
      templates: { "flagger-system/errors": template({ secretRef: { name: "prom" } }) },
      secrets: { "flagger-system/prom": { token: "t0ken" } },
    });
    expect(await find(templates)).toEqual({ kind: "value", value: 7 });
    const seen = server.seen.at(-1);
    expect([seen?.url.searchParams.get("query"), seen?.headers.authorization]).toEqual([
      'errors{app="app", region="eu"}[1m]',
      "Bearer t0ken",
    ]);
  });
});
