import { testFlags } from "@burgee/flag-sync/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

let flagd: TestFlagd;
beforeAll(async () => {
  flagd = await startFlagd(testFlags, ["-X", "region=eu,releaseRole=primary", "-H", "Burgee-Release-Role=releaseRole"]);
});
afterAll(() => flagd.stop());

const team = { team: "shop" };
const canary = { "burgee-release-role": "canary" };

interface Case {
  method: string;
  flagKey: string;
  headers?: Record<string, string>;
  v2: object;
  v1?: object;
  schema?: object;
}

const notFound = { code: "not_found", message: "Flag not found" };
const cases: Record<string, Case> = {
  "a static flag": {
    method: "ResolveString",
    flagKey: "greeting",
    v2: { value: "hello", reason: "STATIC", variant: "long", metadata: { ...team, owner: "web" } },
  },
  "a header that decides": {
    method: "ResolveBoolean",
    flagKey: "banner",
    headers: canary,
    v2: { value: true, reason: "TARGETING_MATCH", variant: "on", metadata: team },
    schema: { value: false, reason: "DEFAULT", variant: "off", metadata: team },
  },
  "a default after targeting": {
    method: "ResolveBoolean",
    flagKey: "banner",
    v2: { value: false, reason: "DEFAULT", variant: "off", metadata: team },
  },
  "an int, as a string": {
    method: "ResolveInt",
    flagKey: "ratio",
    v2: { value: "3", reason: "STATIC", variant: "big", metadata: team },
  },
  "a float": {
    method: "ResolveFloat",
    flagKey: "ratio",
    v2: { value: 3.7, reason: "STATIC", variant: "big", metadata: team },
  },
  "an object": {
    method: "ResolveObject",
    flagKey: "theme",
    v2: { value: { color: "#000", sizes: [1, 2] }, reason: "STATIC", variant: "dark", metadata: team },
  },
  "no default variant": {
    method: "ResolveBoolean",
    flagKey: "undecided",
    v2: { reason: "DEFAULT", metadata: team },
    v1: notFound,
    schema: { value: false, reason: "FALLBACK", variant: "", metadata: team },
  },
  "a disabled flag": {
    method: "ResolveBoolean",
    flagKey: "resting",
    v2: { reason: "DISABLED", metadata: team },
    v1: { value: false, reason: "DISABLED", variant: "", metadata: team },
  },
  "no such flag": { method: "ResolveBoolean", flagKey: "nope", v2: notFound },
  "another type": {
    method: "ResolveString",
    flagKey: "banner",
    v2: { code: "invalid_argument", message: "Type mismatch error" },
  },
  "a broken rule": {
    method: "ResolveBoolean",
    flagKey: "broken",
    v2: { code: "data_loss", message: "Error parsing input or configuration" },
  },
  "a rule that names no variant": {
    method: "ResolveBoolean",
    flagKey: "lost",
    v2: { code: "unknown", message: "General error" },
  },
  "a selector that nobody knows": {
    method: "ResolveBoolean",
    flagKey: "banner",
    headers: { "flagd-selector": "app=x" },
    v2: { code: "invalid_argument", message: 'invalid selector key "app", valid keys: "flagSetId", "source"' },
  },
  "a selector without this flag": {
    method: "ResolveBoolean",
    flagKey: "banner",
    headers: { "flagd-selector": "flagSetId=x" },
    v2: notFound,
  },
  "a selector with this flag, which shows in the metadata": {
    method: "ResolveString",
    flagKey: "greeting",
    headers: { "flagd-selector": "flagSetId=" },
    v2: { value: "hello", reason: "STATIC", variant: "long", metadata: { ...team, owner: "web" } },
  },
};

const statuses: Record<string, number> = { not_found: 404, invalid_argument: 400, data_loss: 500, unknown: 500 };

describe.each(["flagd.evaluation.v2", "flagd.evaluation.v1", "schema.v1"])("%s", (version) => {
  it.each(Object.entries(cases))(
    "answers %s",
    async (_, { method, flagKey, headers, v2, v1 = v2, schema = v1 === notFound ? v2 : v1 }) => {
      const body = version === "schema.v1" ? schema : version === "flagd.evaluation.v1" ? v1 : v2;
      const status = "code" in body ? statuses[String(body.code)] : 200;
      expect(await flagd.call(`/${version}.Service/${method}`, { flagKey }, headers)).toEqual({ status, body });
    },
  );
});

describe("ResolveAll", () => {
  it("of evaluation.v1 has every flag with a value, and errors as the zero of their type", async () => {
    const { body } = await flagd.call(
      "/flagd.evaluation.v1.Service/ResolveAll",
      { context: { targetingKey: "ann" } },
      canary,
    );
    expect(body).toMatchObject({
      metadata: {},
      flags: {
        banner: { reason: "TARGETING_MATCH", variant: "on", boolValue: true, metadata: team },
        greeting: { reason: "STATIC", variant: "long", stringValue: "hello" },
        ratio: { doubleValue: 3.7 },
        theme: { objectValue: { color: "#000", sizes: [1, 2] } },
        resting: { reason: "DISABLED", variant: "", boolValue: false },
        broken: { reason: "ERROR", variant: "", boolValue: false },
        lost: { reason: "ERROR", variant: "", boolValue: false },
      },
    });
    expect(body).not.toHaveProperty("flags.undecided");
  });

  it("of schema.v1 knows no metadata", async () => {
    const { body } = await flagd.call("/schema.v1.Service/ResolveAll", {});
    expect(body).toHaveProperty("flags.greeting", { reason: "STATIC", variant: "long", stringValue: "hello" });
    expect(body).not.toHaveProperty("flags.undecided");
  });
});

describe("the port", () => {
  it("takes snake_case, unknown fields and an explicit charset", async () => {
    const headers = { "content-type": "application/json; charset=utf-8" };
    const { body } = await flagd.call(
      "/flagd.evaluation.v2.Service/ResolveString",
      { flag_key: "greeting", more: 1 },
      headers,
    );
    expect(body).toMatchObject({ value: "hello" });
  });

  it("refuses an empty body, a GET, an unknown method and a body that is too large", async () => {
    const path = "/flagd.evaluation.v2.Service/ResolveString";
    expect(await flagd.call(path, "")).toMatchObject({ status: 400, body: { code: "invalid_argument" } });
    expect((await fetch(`http://127.0.0.1:${flagd.port}${path}`)).status).toBe(405);
    expect(await flagd.call("/flagd.evaluation.v2.Service/ResolveAll", {})).toMatchObject({ status: 404 });
    const big = { flagKey: "greeting", context: { text: "x".repeat(1_000_001) } };
    expect(await flagd.call(path, big)).toMatchObject({ status: 429, body: { code: "resource_exhausted" } });
  });

  it("lets browsers in from everywhere by default", async () => {
    const headers = {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type,flagd-selector",
    };
    const url = `http://127.0.0.1:${flagd.port}/flagd.evaluation.v1.Service/ResolveAll`;
    const preflight = await fetch(url, { method: "OPTIONS", headers });
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type,flagd-selector",
    });
  });

  it("counts evaluations and requests under upstream's names", async () => {
    await flagd.call("/flagd.evaluation.v2.Service/ResolveString", { flagKey: "greeting" });
    await flagd.call("/made/up", {});
    const metrics = await (await fetch(`http://127.0.0.1:${flagd.managementPort}/metrics`)).text();
    expect(metrics).toMatch(
      /^feature_flag_flagd_impression_total\{feature_flag_key="greeting",.*result_variant="long".*\} \d+$/m,
    );
    expect(metrics).toMatch(/^feature_flag_flagd_result_reason_total\{.*ExceptionTypeKeyName="PARSE_ERROR".*\} \d+$/m);
    expect(metrics).toMatch(
      /^http_server_request_duration_seconds_count\{.*http_route="\/flagd\.evaluation\.v2\.Service\/ResolveString".*\} \d+$/m,
    );
    expect(metrics).toMatch(/^http_server_response_body_size_bytes_count\{/m);
    expect(metrics).toMatch(/^http_server_active_requests\{/m);
    expect(metrics).not.toContain("made/up");
  });
});
