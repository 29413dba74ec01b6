import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { freePort, startProcess, startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const crds = fileURLToPath(new URL("../../../deploy/crds", import.meta.url));
const run = (...args: string[]) => startProcess(process.execPath, [main, ...args]);

let sim: KubeSim;
let redis: TestRedis;
let dir: string;
beforeAll(async () => {
  sim = await startKubeSim({ crds: [crds] });
  redis = await startRedis();
  dir = mkdtempSync(path.join(tmpdir(), "burgee-admin-"));
});
afterAll(async () => {
  rmSync(dir, { recursive: true });
  await redis.stop();
  await sim.stop();
});

test("the service starts, answers those it knows, stops in order and exits 0", { timeout: 30_000 }, async () => {
  const [port, managementPort] = [await freePort(), await freePort()];
  const tokenFile = path.join(dir, "tokens.yaml");
  const sha256 = createHash("sha256").update("open-sesame").digest("hex");
  writeFileSync(tokenFile, `tokens:\n- {name: ali, role: viewer, sha256: ${sha256}}\n`);
  const admin = await run(
    ...["--port", `${port}`, "--management-port", `${managementPort}`, "--host", "127.0.0.1", "--drain-delay", "0s"],
    ...["--kube-server", sim.url, "--redis-url", redis.url, "--auth", "tokens", "--token-file", tokenFile],
  );
  const ready = async () => (await fetch(`http://127.0.0.1:${managementPort}/readyz`)).status === 200;
  await waitFor(ready, { timeoutMs: 15_000, describe: () => admin.output() });
  const ask = (token: string) =>
    fetch(`http://127.0.0.1:${port}/api/canaries`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask("open-sesame")).status).toBe(200);
  expect((await ask("open-barley")).status).toBe(401);
  const metrics = await (await fetch(`http://127.0.0.1:${managementPort}/metrics`)).text();
  expect(metrics).toContain(
    'burgee_admin_api_request_seconds_count{method="GET",route="/api/canaries",status="200"} 1',
  );
  expect(await admin.stop()).toEqual({ code: 0, signal: null });
  expect(admin.output()).not.toContain("open-sesame");
});

test("a wrong configuration names every problem and exits 2", { timeout: 20_000 }, async () => {
  const admin = await run("--auth", "nobody", "--prot", "1", "--heartbeat", "often");
  expect((await admin.exit).code).toBe(2);
  for (const problem of ["auth", "kubernetes, tokens, none", "--prot", "--port", "heartbeat"])
    expect(admin.output()).toContain(problem);
});

test("settings that do not go together name what would, and exit 2", { timeout: 20_000 }, async () => {
  const admin = await run("--auth", "none", "--kube-server", sim.url, "--management-port", `${await freePort()}`);
  expect((await admin.exit).code).toBe(2);
  expect(admin.output()).toContain('auth is none while host is "", expected host 127.0.0.1, ::1 or localhost');
});

test("with Kubernetes and Redis away it waits for them and says so, and answers when they come", {
  timeout: 40_000,
}, async () => {
  const [port, managementPort, kubePort] = [await freePort(), await freePort(), await freePort()];
  const admin = await run(
    ...["--port", `${port}`, "--management-port", `${managementPort}`, "--host", "127.0.0.1", "--auth", "none"],
    ...["--kube-server", `http://127.0.0.1:${kubePort}`, "--redis-url", redis.url, "--drain-delay", "0s"],
  );
  const readyz = async () => (await fetch(`http://127.0.0.1:${managementPort}/readyz`)).text();
  const seen = { describe: () => admin.output(), timeoutMs: 15_000 };
  await waitFor(async () => (await readyz()).includes("[unreachable] list canaries: connect ECONNREFUSED"), seen);
  expect((await fetch(`http://127.0.0.1:${port}/api/canaries`)).status).toBe(503);
  const late = await startKubeSim({ crds: [crds], port: kubePort });
  await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/api/canaries`)).status === 200, seen);
  await admin.stop();
  await late.stop();
});
