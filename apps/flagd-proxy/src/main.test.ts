// The whole app as a process: real Redis, simulated Kubernetes API, real gRPC client.

import { fileURLToPath } from "node:url";
import { createRedisBus, streams } from "@burgee/event-bus";
import { featureFlag, flagCrds } from "@burgee/flag-sync/testing";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import {
  captureLogger,
  freePort,
  type RunningProcess,
  startProcess,
  startRedis,
  type TestRedis,
  waitFor,
} from "@burgee/service-kit/testing";
import { afterEach, expect, test } from "vitest";
import { clientsFor, read, selectorOf } from "./testing/proxy-lab.ts";

const program = fileURLToPath(new URL("./main.ts", import.meta.url));
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

interface Readiness {
  readonly status: string;
  readonly checks: Record<string, string>;
}

function isReadiness(body: unknown): body is Readiness {
  return typeof body === "object" && body !== null && "status" in body && "checks" in body;
}

interface Proxy {
  readonly app: RunningProcess;
  readonly url: string;
  readyz(): Promise<{ status: number; body: Readiness }>;
}

async function startProxy(...args: string[]): Promise<Proxy> {
  const [port, management] = [await freePort(), await freePort()];
  const app = await startProcess(process.execPath, [
    program,
    "start",
    "-p",
    String(port),
    "-m",
    String(management),
    "-z",
    "json",
    ...args,
  ]);
  cleanUp.push(() => app.stop());
  await app.waitForOutput(/"msg":"started"/, 20_000);
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    async readyz() {
      const answer = await fetch(`http://127.0.0.1:${management}/readyz`);
      const body: unknown = await answer.json();
      if (!isReadiness(body)) throw new Error(`unexpected answer ${JSON.stringify(body)}`);
      return { status: answer.status, body };
    },
  };
}

async function startSim(o: { port?: number } = {}): Promise<KubeSim> {
  const sim = await startKubeSim({ crds: flagCrds, ...o });
  cleanUp.push(() => sim.stop());
  return sim;
}

async function redis(): Promise<TestRedis> {
  const server = await startRedis();
  cleanUp.push(() => server.stop());
  return server;
}

test("serves without Redis, and stops in good order", { timeout: 30_000 }, async () => {
  const sim = await startSim();
  await sim.apply(featureFlag("shop"));
  const { app, url, readyz } = await startProxy("--kube-server", sim.url);
  const reader = read(clientsFor(url).gRPC, selectorOf("shop"));
  await waitFor(() => reader.documents.length === 1);
  expect(await waitFor(async () => (await readyz()).status === 200 && readyz())).toMatchObject({
    status: 200,
    body: { status: "ready", checks: { kubernetes: "ok" } },
  });
  app.signal("SIGTERM");
  expect((await app.exit).code).toBe(0);
  await waitFor(() => reader.state() === "ended");
});

test("publishes changes, serves while Redis is away, and says so", { timeout: 60_000 }, async () => {
  const sim = await startSim();
  await sim.apply(featureFlag("shop"));
  const server = await redis();
  const { url, readyz } = await startProxy("--kube-server", sim.url, "--redis-url", server.url);
  const bus = createRedisBus({ url: server.url, log: captureLogger().log });
  cleanUp.push(() => bus.close());
  const reader = read(clientsFor(url).gRPC, selectorOf("shop"));
  await waitFor(() => reader.documents.length === 1);
  await waitFor(async () => (await readyz()).body.status === "ready");
  await sim.apply(featureFlag("shop", { on: true }));
  await waitFor(() => reader.banner()?.defaultVariant === "on");
  await waitFor(async () => (await bus.read(streams.flagEvents)).length === 1, { timeoutMs: 15_000 });
  await server.kill9();
  await waitFor(async () => (await readyz()).body.status === "degraded", { timeoutMs: 15_000 });
  expect((await readyz()).status).toBe(200);
  await sim.apply(featureFlag("shop"));
  await waitFor(() => reader.banner()?.defaultVariant === "off");
  await server.restart({ keepData: true });
  await waitFor(async () => (await bus.read(streams.flagEvents)).length === 2, { timeoutMs: 30_000 });
});

test("an API that is away at the start is named and waited for", { timeout: 30_000 }, async () => {
  const port = await freePort();
  const { url, readyz } = await startProxy("--kube-server", `http://127.0.0.1:${port}`);
  const ready = await waitFor(async () => {
    const seen = await readyz();
    return seen.body.checks.kubernetes !== "starting" && seen;
  });
  expect(ready).toMatchObject({ status: 412, body: { status: "starting" } });
  expect(ready.body.checks.kubernetes).toMatch(/attempt \d+, trying again/);
  const early = read(clientsFor(url).gRPC, selectorOf("shop"));
  await waitFor(() =>
    early.state().includes("[unknown] error with the initial fetch: unable to fetch FeatureFlag default/shop: "),
  );
  const sim = await startSim({ port });
  await sim.apply(featureFlag("shop"));
  await waitFor(async () => (await readyz()).status === 200, { timeoutMs: 15_000 });
  const late = read(clientsFor(url).gRPC, selectorOf("shop"));
  await waitFor(() => late.documents.length === 1);
  late.leave();
});

test("nothing that says where the API is, and bad settings, exit 2", { timeout: 30_000 }, async () => {
  const nowhere = await startProcess(process.execPath, [program, "-m", "0", "-p", "0"]);
  expect((await nowhere.exit).code).toBe(2);
  expect(nowhere.output()).toMatch(/kube-?server/i);
  const bad = await startProcess(process.execPath, [
    program,
    "strat",
    "--port=x",
    "--log-format=xml",
    "--subscriptions=1",
  ]);
  expect((await bad.exit).code).toBe(2);
  expect(bad.output().split("\n").slice(1, 5)).toEqual([
    "  unknown flag --subscriptions, did you mean --max-subscriptions?",
    '  unknown command "strat", did you mean start?',
    '  --port is "x", expected a port from 0 to 65535',
    '  --log-format is "xml", expected one of: json, console',
  ]);
});
