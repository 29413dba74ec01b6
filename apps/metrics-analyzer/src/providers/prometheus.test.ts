import { createDialer, type Dialer } from "@burgee/service-kit";
import { startPrometheus, type TestPrometheus } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prometheus } from "./prometheus.ts";
import type { ProviderQuery, ProviderSettings, QueryAnswer } from "./provider.ts";
import { type AnsweringServer, startAnsweringServer } from "./testing/answering-server.ts";
import { testMetricProvider, toCredentials } from "./testing/provider-contract.ts";

const answer = (resultType: string, result: unknown): string =>
  JSON.stringify({ status: "success", data: { resultType, result } });
const series = (...values: string[]): unknown[] =>
  values.map((value, i) => ({ metric: { i: String(i) }, value: [1_700_000_000, value] }));

testMetricProvider({
  type: "prometheus",
  credentials: { token: "s3cr3t-t0ken" },
  values: {
    "the only series": { body: answer("vector", series("100")), value: 100 },
    "the last of several series": { body: answer("vector", series("1", "2", "3.5")), value: 3.5 },
    "a scalar": { body: answer("scalar", [1_700_000_000, "4"]), value: 4 },
    "an infinite sample": { body: answer("vector", series("+Inf")), value: Number.POSITIVE_INFINITY },
    "a last series that is a number though another is NaN": { body: answer("vector", series("NaN", "7")), value: 7 },
  },
  noData: {
    "an empty vector": answer("vector", []),
    "a last series that is NaN": answer("vector", series("1", "NaN")),
    "a scalar that is NaN": answer("scalar", [1_700_000_000, "NaN"]),
  },
  malformed: {
    "a matrix": answer("matrix", [{ metric: {}, values: [[1, "1"]] }]),
    "a string": answer("string", [1, "text"]),
    "a page of something else": "<html>log in</html>",
    "JSON without data": JSON.stringify({ status: "success" }),
    "a histogram sample": answer("vector", [{ metric: {}, histogram: [1, {}] }]),
  },
});

const base: ProviderQuery = {
  settings: { type: "prometheus", address: "http://unused" },
  credentials: undefined,
  text: "up",
  at: 1_700_000_000_123,
  intervalMs: 60_000,
  signal: new AbortController().signal,
};

describe("requests to Prometheus", () => {
  let server: AnsweringServer;
  let dialer: Dialer;
  beforeAll(async () => {
    server = await startAnsweringServer();
    server.answer = { status: 200, body: answer("vector", series("1")) };
    dialer = createDialer();
  });
  afterAll(async () => {
    await dialer.close();
    await server.stop();
  });
  const ask = async (settings: Partial<ProviderSettings>, change: Partial<ProviderQuery> = {}) => {
    await prometheus.query(
      { ...base, settings: { type: "prometheus", address: server.url, ...settings }, ...change },
      dialer,
    );
    const seen = server.seen.at(-1);
    if (seen === undefined) throw new Error("the server saw no request");
    return seen;
  };

  it("ask for the instant of the check", async () => {
    const { method, url } = await ask({}, { text: "sum(\n  up\n)" });
    expect([method, url.pathname, Object.fromEntries(url.searchParams)]).toEqual([
      "GET",
      "/api/v1/query",
      { query: "sum( up )", time: "1700000000.123" },
    ]);
  });
  it("keep the path of the address", async () => {
    expect((await ask({ address: `${server.url}/prometheus/` })).url.pathname).toBe("/prometheus/api/v1/query");
  });
  it("carry the template's headers, each with all its values", async () => {
    const { headers } = await ask({ headers: { "X-Scope-OrgID": ["tenant-1"], "X-Several": ["a", "b"] } });
    expect([headers["x-scope-orgid"], headers["x-several"]]).toEqual(["tenant-1", "a, b"]);
  });
  it("carry a bearer token", async () => {
    const { headers } = await ask({}, { credentials: toCredentials({ token: "abc", username: "u", password: "p" }) });
    expect(headers.authorization).toBe("Bearer abc");
  });
  it("carry basic authentication", async () => {
    const { headers } = await ask({}, { credentials: toCredentials({ username: "prom", password: "p:w" }) });
    expect(headers.authorization).toBe(`Basic ${Buffer.from("prom:p:w").toString("base64")}`);
  });
  it("never come back in a message, not even encoded", async () => {
    const credentials = toCredentials({ username: "prom", password: "pw" });
    const encoded = Buffer.from("prom:pw").toString("base64");
    server.answer = { status: 403, body: `refused: Basic ${encoded}, tenant-1` };
    const settings = { type: "prometheus", address: server.url, headers: { "X-Scope-OrgID": ["tenant-1"] } };
    expect(await prometheus.query({ ...base, settings, credentials }, dialer)).toEqual({
      kind: "invalid",
      message: "error response: Status 403: refused: Basic ***, ***",
    });
    server.answer = { status: 200, body: answer("vector", series("1")) };
  });
  it("take basic authentication from the address", async () => {
    const { headers, url } = await ask({ address: server.url.replace("http://", "http://u%40x:pw@") });
    expect([headers.authorization, url.username]).toEqual([`Basic ${Buffer.from("u@x:pw").toString("base64")}`, ""]);
  });
  it("send a long query as a form", async () => {
    const text = `sum(up{pod=~"${"a".repeat(5000)}"})`;
    const { method, url, body } = await ask({}, { text });
    expect([method, url.search, new URLSearchParams(body).get("query")]).toEqual(["POST", "", text]);
  });
  it("skip the verification of certificates only when told to", async () => {
    const inits: Parameters<Dialer["fetch"]>[1][] = [];
    const recording: Dialer = {
      ...dialer,
      fetch: (url, init) => {
        inits.push(init);
        return dialer.fetch(url, init);
      },
    };
    for (const insecureSkipVerify of [true, undefined]) {
      await prometheus.query(
        { ...base, settings: { type: "prometheus", address: server.url, insecureSkipVerify } },
        recording,
      );
    }
    expect(inits.map((init) => init?.insecureSkipVerify)).toEqual([true, false]);
  });
});

describe("settings of prometheus", () => {
  const cases: Record<string, { settings: Partial<ProviderSettings>; path: string | undefined }> = {
    "accepts an address with a path": { settings: { address: "https://mimir.example/prometheus" }, path: undefined },
    "refuses a missing address": { settings: {}, path: "address" },
    "refuses an address without a scheme": { settings: { address: "prometheus:9090" }, path: "address" },
    "refuses another scheme": { settings: { address: "file:///etc/passwd" }, path: "address" },
    "refuses a header name with a space": {
      settings: { address: "http://p", headers: { "X Y": ["1"] } },
      path: "headers.X Y",
    },
    "refuses a header value with a line break": {
      settings: { address: "http://p", headers: { X: ["1\r\nY: 2"] } },
      path: "headers.X",
    },
  };
  for (const [name, { settings, path }] of Object.entries(cases)) {
    it(name, () => expect(prometheus.problems({ type: "prometheus", ...settings })[0]?.path).toBe(path));
  }
  it("shows no password of an address", () => {
    expect(JSON.stringify(prometheus.problems({ type: "prometheus", address: "ftp://u:hunter2@prom" }))).not.toContain(
      "hunter2",
    );
  });
});

describe("a real Prometheus", () => {
  let server: TestPrometheus;
  let dialer: Dialer;
  beforeAll(async () => {
    server = await startPrometheus();
    dialer = createDialer();
  }, 30_000);
  afterAll(async () => {
    await dialer.close();
    await server.stop();
  });
  const ask = (text: string, at = Date.now()): Promise<QueryAnswer> =>
    prometheus.query({ ...base, settings: { type: "prometheus", address: server.url }, text, at }, dialer);

  const cases: Record<string, { query: string; expected: unknown }> = {
    "answers a vector": { query: "vector(42)", expected: { kind: "value", value: 42 } },
    "answers a scalar": { query: "scalar(vector(1.5))", expected: { kind: "value", value: 1.5 } },
    "has no data for a series that does not exist": {
      query: "nothing_here",
      expected: { kind: "no_data", message: "no values found" },
    },
    "has no data for 0/0": {
      query: "vector(0) / vector(0)",
      expected: { kind: "no_data", message: "no values found" },
    },
    "answers 1/0 with infinity": {
      query: "vector(1) / vector(0)",
      expected: { kind: "value", value: Number.POSITIVE_INFINITY },
    },
    "refuses a bad query and says where": {
      query: "sum(",
      expected: { kind: "invalid", message: expect.stringContaining("parse error: unclosed left parenthesis") },
    },
    "refuses a range": {
      query: "up[5m]",
      expected: { kind: "invalid", message: expect.stringContaining("result is a matrix") },
    },
  };
  for (const [name, { query, expected }] of Object.entries(cases)) {
    it(name, async () => expect(await ask(query)).toEqual(expected));
  }

  it("evaluates at the instant that it is given", async () => {
    const at = 1_600_000_000_500;
    expect(await ask("vector(time())", at)).toEqual({ kind: "value", value: at / 1000 });
  });
});
