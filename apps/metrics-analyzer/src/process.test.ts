import { join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  AnalysisCompletedSchema,
  type AnalysisRequested,
  AnalysisRequestedSchema,
  Result,
  type Verdict,
  VerdictSchema,
} from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createRedisBus, type EventBus, streams } from "@burgee/event-bus";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import {
  type Exit,
  freePort,
  type RunningProcess,
  startProcess,
  startRedis,
  type TestRedis,
  waitFor,
} from "@burgee/service-kit/testing";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { checkId } from "./check-id.ts";
import { type AnsweringServer, startAnsweringServer } from "./providers/testing/answering-server.ts";
import { analysisRequest } from "./testing/analysis-request.ts";

/** For a machine that runs other tests, too. */
const patience = { timeoutMs: 20_000 };

const main = join(import.meta.dirname, "main.ts");
const crds = join(import.meta.dirname, "../../../deploy/crds");
const { log } = captureLogger();

let redis: TestRedis;
let sim: KubeSim;
let server: AnsweringServer;
let bus: EventBus;
const verdicts: Verdict[] = [];
const running: RunningProcess[] = [];

beforeAll(async () => {
  [redis, sim, server] = await Promise.all([startRedis(), startKubeSim({ crds: [crds] }), startAnsweringServer()]);
  bus = createRedisBus({ url: redis.url, log });
  const following = bus.follow(streams.analysisResults, ({ payload }) => {
    verdicts.push(fromBinary(VerdictSchema, fromBinary(AnalysisCompletedSchema, payload).verdict));
  });
  await following.ready;
}, 30_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((analyzer) => analyzer.stop()));
});
afterAll(async () => {
  await bus.close();
  await Promise.all([redis.stop(), sim.stop(), server.stop()]);
});

async function startAnalyzer(
  o: { redisUrl?: string; kubeServer?: string } = {},
): Promise<RunningProcess & { managementUrl: string }> {
  const port = await freePort();
  const args = [
    main,
    `--redis-url=${o.redisUrl ?? redis.url}`,
    `--kube-server=${o.kubeServer ?? sim.url}`,
    `--metrics-server=${server.url}`,
    `--management-port=${port}`,
  ];
  const analyzer = await startProcess(process.execPath, args);
  running.push(analyzer);
  return { ...analyzer, managementUrl: `http://127.0.0.1:${port}` };
}

async function readyz(analyzer: { managementUrl: string }): Promise<{ status: number; body: string }> {
  const response = await fetch(`${analyzer.managementUrl}/readyz`);
  return { status: response.status, body: await response.text() };
}

async function whenReady(analyzer: RunningProcess & { managementUrl: string }): Promise<void> {
  await waitFor(async () => (await readyz(analyzer)).status === 200, {
    timeoutMs: 15_000,
    describe: () => analyzer.output(),
  });
}

function ask(request: AnalysisRequested): Promise<void> {
  return bus.publish(streams.analysisRequests, {
    id: request.check === undefined ? "" : checkId(request.check),
    key: "test/podinfo",
    seq: 1,
    type: "AnalysisRequested",
    payload: toBinary(AnalysisRequestedSchema, request),
  });
}

const sample = (value: string) => ({
  status: 200,
  body: JSON.stringify({ data: { resultType: "vector", result: [{ value: [1, value] }] } }),
});
const errors = { name: "errors", query: "errors", max: 1 };
const answersTo = (check: number): Verdict[] => verdicts.filter((verdict) => verdict.check?.check === BigInt(check));

describe("the metrics-analyzer process", () => {
  it("answers checks, counts them and stops on SIGTERM", async () => {
    const analyzer = await startAnalyzer();
    await whenReady(analyzer);
    server.answer = sample("5");
    await ask(analysisRequest({ check: 1, metrics: [errors] }));
    const verdict = await waitFor(() => answersTo(1)[0], { timeoutMs: 10_000, describe: () => analyzer.output() });
    expect([verdict.result, verdict.metrics[0]?.message]).toEqual([
      Result.FAIL,
      "Halt podinfo.test advancement errors 5.00 > 1",
    ]);
    const metrics = await (await fetch(`${analyzer.managementUrl}/metrics`)).text();
    expect(metrics).toContain('burgee_metrics_analyzer_checks_total{result="fail",source="new"} 1');
    expect(metrics).toContain('burgee_metrics_analyzer_queries_total{provider="prometheus",outcome="value"} 1');
    expect(await analyzer.stop()).toEqual({ code: 0, signal: null } satisfies Exit);
  }, 30_000);

  it("killed in the middle of a check, answers it after a restart when it is asked again", async () => {
    const request = analysisRequest({ check: 2, metrics: [errors] });
    const first = await startAnalyzer();
    await whenReady(first);
    server.answer = "silence";
    const queries = server.seen.length;
    await ask(request);
    await waitFor(() => server.seen.length > queries, patience);
    first.signal("SIGKILL");
    await first.exit;
    server.answer = sample("0.5");
    await whenReady(await startAnalyzer());
    await ask(request);
    const verdict = await waitFor(() => answersTo(2)[0], { timeoutMs: 10_000 });
    expect(verdict.result).toBe(Result.PASS);
    const asked = server.seen.slice(queries).map(({ url }) => url.searchParams.get("time"));
    expect(new Set(asked).size).toBe(1);
  }, 40_000);

  it("stopped in the middle of a check, leaves it to the next analyzer at once", async () => {
    const first = await startAnalyzer();
    await whenReady(first);
    server.answer = "silence";
    const queries = server.seen.length;
    await ask(analysisRequest({ check: 3, metrics: [errors] }));
    await waitFor(() => server.seen.length > queries, patience);
    const stopped = first.stop(10_000);
    await whenReady(await startAnalyzer());
    server.answer = sample("0.5");
    expect(await stopped).toEqual({ code: 0, signal: null });
    const verdict = await waitFor(() => answersTo(3)[0], { timeoutMs: 15_000 });
    expect([Result.PASS, Result.UNKNOWN]).toContain(verdict.result);
  }, 40_000);

  it("waits for Redis and Kubernetes, says so, and works when they are there", async () => {
    const [redisPort, kubePort] = [await freePort(), await freePort()];
    const analyzer = await startAnalyzer({
      redisUrl: `redis://:hunter22@127.0.0.1:${redisPort}`,
      kubeServer: `http://127.0.0.1:${kubePort}`,
    });
    await waitFor(async () => (await readyz(analyzer)).body.match(/redis.*kubernetes/s), { timeoutMs: 10_000 });
    const { status, body } = await readyz(analyzer);
    expect(status).toBe(503);
    expect(body + analyzer.output()).not.toContain("hunter22");
    const late = [
      await startRedis({ port: redisPort, password: "hunter22" }),
      await startKubeSim({ port: kubePort, crds: [crds] }),
    ];
    try {
      await whenReady(analyzer);
    } finally {
      await analyzer.stop();
      await Promise.all(late.map((each) => each.stop()));
    }
  }, 60_000);

  it("prints every problem of its configuration and exits 2", async () => {
    const analyzer = await startProcess(process.execPath, [
      main,
      "--metric-server=http://x",
      "--check-deadline=soon",
      "--query-concurrency=0",
    ]);
    expect(await analyzer.exit).toEqual({ code: 2, signal: null });
    expect(analyzer.output()).toMatch(/metric-server.*metrics-server/s);
    expect(analyzer.output()).toMatch(/check-?[dD]eadline.*soon.*duration/s);
    expect(analyzer.output()).toMatch(/query-?[cC]oncurrency.*0/s);
  }, 20_000);
});
