import { type MetricResult, Reason, Result } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createDialer, type Dialer } from "@burgee/service-kit";
import { freePort, startPrometheus, type TestPrometheus, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateCheck } from "./evaluate-check.ts";
import type { TemplateLookup } from "./metric-templates/template-lookup.ts";
import { type AnsweringServer, startAnsweringServer } from "./providers/testing/answering-server.ts";
import { analysisRequest } from "./testing/analysis-request.ts";
import { type CountingPods, startCountingPods } from "./testing/counting-pods.ts";
import { fixedTemplates } from "./testing/fixed-templates.ts";

/** For a machine that runs other tests, too. */
const patience = { timeoutMs: 20_000 };

const pods = [
  { namespace: "test", pod: "good-6f9c-x7k2p", perScrape: { 200: 10 }, seconds: 0.04 },
  { namespace: "test", pod: "good-primary-6f9c-x7k2p", perScrape: { 500: 10 }, seconds: 4 },
  { namespace: "test", pod: "mixed-6f9c-x7k2p", perScrape: { 200: 9, 503: 1 }, seconds: 0.3 },
  { namespace: "test", pod: "broken-6f9c-x7k2p", perScrape: { 500: 10 }, seconds: 2 },
  { namespace: "test", pod: "idle-6f9c-x7k2p", perScrape: { 200: 0 }, seconds: 0.04 },
  { namespace: "test", pod: "daemon-x7k2p", perScrape: { 200: 10 }, seconds: 0.04 },
  { namespace: "test", pod: "daemon-primary-x7k2p", perScrape: { 500: 10 }, seconds: 0.04 },
];

const successRate = { name: "request-success-rate", min: 99, interval: "10s" };
const duration = { name: "request-duration", max: 500, interval: "10s" };

let server: TestPrometheus;
let endpoint: CountingPods;
let dialer: Dialer;
let silent: AnsweringServer;

beforeAll(async () => {
  endpoint = await startCountingPods(pods);
  server = await startPrometheus({ targets: [endpoint.target], scrapeIntervalMs: 100 });
  silent = await startAnsweringServer();
  silent.answer = "silence";
  dialer = createDialer();
  const scraped = 'min(count_over_time(http_request_duration_seconds_count{status!=""}[10s]))';
  await waitFor(async () => ((await server.query(scraped))[0]?.value ?? 0) >= 5, { timeoutMs: 20_000 });
}, 40_000);
afterAll(async () => {
  await dialer.close();
  await Promise.all([server.stop(), endpoint.stop(), silent.stop()]);
});

async function check(
  o: Parameters<typeof analysisRequest>[0],
  services: { templates?: TemplateLookup; deadlineMs?: number } = {},
): Promise<{ result: Result; metrics: MetricResult[] }> {
  return evaluateCheck(
    analysisRequest(o),
    {
      ask: (provider, query) => provider.query(query, dialer),
      templates: services.templates ?? fixedTemplates({}),
      metricsServer: server.url,
      deadlineMs: services.deadlineMs ?? 10_000,
    },
    new AbortController().signal,
  );
}

interface Case {
  readonly o: Parameters<typeof analysisRequest>[0];
  readonly result: Result;
  /** Reason and message of each metric; a message of "" is a pass. */
  readonly metrics: readonly [Reason, string][];
}

const none = Reason.UNSPECIFIED;
const idleText =
  "Halt advancement no values found for gatewayapi:v1 metric request-success-rate probably idle.test is not receiving traffic: no values found";

const cases: Record<string, Case> = {
  "passes a canary without errors": {
    o: { target: "good", metrics: [successRate, duration] },
    result: Result.PASS,
    metrics: [
      [none, ""],
      [none, ""],
    ],
  },
  "passes without metrics": { o: { metrics: [] }, result: Result.PASS, metrics: [] },
  "fails a canary with errors": {
    o: { target: "mixed", metrics: [successRate] },
    result: Result.FAIL,
    metrics: [[Reason.BELOW_MIN, "Halt podinfo.test advancement success rate 90.00% < 99%"]],
  },
  "fails a canary whose requests all fail, though no success was ever counted": {
    o: { target: "broken", metrics: [successRate] },
    result: Result.FAIL,
    metrics: [[Reason.BELOW_MIN, "Halt podinfo.test advancement success rate 0.00% < 99%"]],
  },
  "fails a slow canary": {
    o: { target: "broken", metrics: [duration] },
    result: Result.FAIL,
    metrics: [[Reason.ABOVE_MAX, "Halt podinfo.test advancement request duration 2.485s > 500ms"]],
  },
  "does not know a canary without traffic": {
    o: { target: "idle", metrics: [successRate] },
    result: Result.UNKNOWN,
    metrics: [[Reason.NO_DATA, idleText]],
  },
  "does not know a canary without pods": {
    o: { target: "gone", metrics: [duration] },
    result: Result.UNKNOWN,
    metrics: [
      [
        Reason.NO_DATA,
        "Halt advancement no values found for gatewayapi:v1 metric request-duration probably gone.test is not receiving traffic",
      ],
    ],
  },
  "fails a canary without traffic when missing data fails": {
    o: { target: "idle", noDataFails: true, metrics: [successRate] },
    result: Result.FAIL,
    metrics: [[Reason.NO_DATA, idleText]],
  },
  "fails when one metric failed and another is unknown": {
    o: { target: "mixed", metrics: [{ name: "kpi", query: "nothing_here", max: 1 }, successRate] },
    result: Result.FAIL,
    metrics: [
      [Reason.NO_DATA, "Halt advancement no values found for metric: kpi"],
      [Reason.BELOW_MIN, "Halt podinfo.test advancement success rate 90.00% < 99%"],
    ],
  },
  "measures the canary of a DaemonSet, not its primary": {
    o: { target: "daemon", kind: "DaemonSet", metrics: [successRate] },
    result: Result.PASS,
    metrics: [[none, ""]],
  },
  "names a target of kind Service as Flagger does": {
    o: { target: "gone", kind: "Service", meshProvider: "kubernetes", metrics: [duration] },
    result: Result.UNKNOWN,
    metrics: [
      [
        Reason.NO_DATA,
        "Halt advancement no values found for kubernetes:service metric request-duration probably gone.test is not receiving traffic",
      ],
    ],
  },
  "judges an inline query": {
    o: { metrics: [{ name: "error-rate", query: "vector(5.126) + 0 * count(up) # {{ namespace }}\n", max: 1 }] },
    result: Result.FAIL,
    metrics: [[Reason.ABOVE_MAX, "Halt podinfo.test advancement error-rate 5.13 > 1"]],
  },
  "reads the old threshold of an inline query as a maximum": {
    o: { metrics: [{ name: "error-rate", query: "vector(2)", threshold: 1 }] },
    result: Result.FAIL,
    metrics: [[Reason.ABOVE_MAX, "Halt podinfo.test advancement error-rate 2.00 > 1"]],
  },
  "reports an inline query that Prometheus refuses": {
    o: { metrics: [{ name: "kpi", query: "sum(", max: 1 }] },
    result: Result.UNKNOWN,
    metrics: [[Reason.INVALID, "Prometheus query failed for kpi: error response: Status 400"]],
  },
  "reports an inline query that cannot be rendered": {
    o: { metrics: [{ name: "kpi", query: "{{ variables.region }}", max: 1 }] },
    result: Result.UNKNOWN,
    metrics: [
      [
        Reason.INVALID,
        'Prometheus query failed for kpi: query render error: line 1: map has no entry for key "region"',
      ],
    ],
  },
  "reports a metric without query and template": {
    o: { metrics: [{ name: "cpu-usage", max: 1 }] },
    result: Result.UNKNOWN,
    metrics: [[Reason.INVALID, "Metric query failed for no usable metrics template and query were configured"]],
  },
  "reports a metrics server that is no URL": {
    o: { metricsServer: "prometheus:9090", metrics: [successRate] },
    result: Result.UNKNOWN,
    metrics: [[Reason.INVALID, "Error building Prometheus client for prometheus:9090 prometheus address is not valid"]],
  },
};

describe("evaluateCheck", () => {
  for (const [name, { o, result, metrics }] of Object.entries(cases)) {
    it(name, async () => {
      const verdict = await check(o);
      expect(verdict.metrics.map(({ reason, message }) => [reason, message])).toEqual(
        metrics.map(([reason, message]) => [reason, message === "" ? "" : expect.stringContaining(message)]),
      );
      expect(verdict.result).toBe(result);
    });
  }

  it("reports values and limits in percent and seconds", async () => {
    const { metrics } = await check({ target: "good", metrics: [successRate, duration] });
    expect(metrics.map(({ value, min, max }) => ({ value, min, max }))).toEqual([
      { value: 100, min: 99, max: undefined },
      { value: 0.049, min: undefined, max: 0.5 },
    ]);
  });

  it("gives the same answer when the same instant is asked for again", async () => {
    const at = Date.now() - 1_000;
    const metrics = [
      { name: "requests", query: 'sum(http_request_duration_seconds_count{kubernetes_pod_name=~"good-6.*"})', min: 1 },
    ];
    const first = await check({ at, metrics });
    const scrapes = async (): Promise<number> =>
      (await server.query('http_request_duration_seconds_count{kubernetes_pod_name="good-6f9c-x7k2p"}'))[0]?.value ?? 0;
    const before = await scrapes();
    await waitFor(async () => (await scrapes()) > before, patience);
    expect((await check({ at, metrics })).metrics[0]?.value).toBe(first.metrics[0]?.value);
  });

  it("does not know a canary whose Prometheus is away", async () => {
    const metricsServer = `http://127.0.0.1:${await freePort()}`;
    const { result, metrics } = await check({ metricsServer, metrics: [successRate] });
    expect([result, metrics[0]?.reason, metrics[0]?.message]).toEqual([
      Result.UNKNOWN,
      Reason.PROVIDER_UNREACHABLE,
      expect.stringMatching(/^Prometheus query failed: request failed: \[unreachable\]/),
    ]);
  });

  it("answers by its deadline, with what it has", async () => {
    const slow = { type: "prometheus", address: silent.url };
    const templates = fixedTemplates({ templates: { "test/slow": { provider: slow, query: "up" } } });
    const metrics = [successRate, { name: "slow", templateRef: { name: "slow" }, max: 1 }];
    const verdict = await check({ target: "good", metrics }, { templates, deadlineMs: 300 });
    expect(verdict.metrics.map(({ result, reason }) => [result, reason])).toEqual([
      [Result.PASS, none],
      [Result.UNKNOWN, Reason.PROVIDER_UNREACHABLE],
    ]);
  });

  it("rejects when it is told to stop", async () => {
    const stop = new AbortController();
    const request = analysisRequest({ metricsServer: silent.url, metrics: [successRate] });
    const services = {
      ask: (provider, query) => provider.query(query, dialer),
      templates: fixedTemplates({}),
      metricsServer: "",
      deadlineMs: 10_000,
    } satisfies Parameters<typeof evaluateCheck>[1];
    const verdict = evaluateCheck(request, services, stop.signal);
    stop.abort(new Error("stopping"));
    await expect(verdict).rejects.toThrow("stopping");
  });
});
