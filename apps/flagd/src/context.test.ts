import { describe, expect, it } from "vitest";
import { createEnrich, type Enrichment, requestHeaders } from "./context.ts";

interface Case {
  enrichment: Partial<Enrichment>;
  context?: Record<string, string>;
  headers?: Record<string, string>;
  gives: Record<string, string>;
}

const cases: Record<string, Case> = {
  "passes the context of the request on": { enrichment: {}, context: { a: "1" }, gives: { a: "1" } },
  "takes a missing context for an empty one": { enrichment: {}, gives: {} },
  "lets static values win over the request, the targeting key included": {
    enrichment: { values: { targetingKey: "pod", region: "eu" } },
    context: { targetingKey: "ann", a: "1" },
    gives: { targetingKey: "pod", region: "eu", a: "1" },
  },
  "lets headers win over everything, whatever their case": {
    enrichment: { values: { role: "primary" }, headers: { "Burgee-Release-Role": "role" } },
    headers: { "burgee-release-role": "canary" },
    gives: { role: "canary" },
  },
  "leaves out headers that are missing or empty": {
    enrichment: { values: { role: "primary" }, headers: { "X-Role": "role", "X-Other": "other" } },
    headers: { "x-role": "" },
    gives: { role: "primary" },
  },
};

describe("context enrichment", () => {
  it.each(Object.entries(cases))("%s", (_, { enrichment, context, headers, gives }) => {
    const enrich = createEnrich({ values: {}, headers: {}, ...enrichment });
    expect(enrich(context, requestHeaders(Object.entries(headers ?? {}).flat()))).toEqual(gives);
  });

  it("takes the first of repeated headers, whole", () => {
    const headers = requestHeaders(["X-Role", "a, b", "x-role", "c"]);
    expect(createEnrich({ values: {}, headers: { "x-role": "role" } })({}, headers)).toEqual({ role: "a, b" });
  });
});
