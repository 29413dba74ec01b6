import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMetrics, systemClock } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commandEnvironment } from "./command-environment.ts";
import { namespacesFrom } from "./config.ts";
import { createGates } from "./gates.ts";
import { createHookServer, type HookServer } from "./hook-server.ts";
import { createLoadtesterMetrics } from "./metrics.ts";
import { createTaskRunner, type TaskRunner } from "./task-runner.ts";
import { startTarget } from "./testing/target.ts";

let server: HookServer;
let runner: TaskRunner;
let log: ReturnType<typeof captureLogger>;
let folder: string;

/** A whole load tester but for its process. */
async function startLoadtester(o: { timeoutMs?: number; namespaces?: string } = {}): Promise<void> {
  log = captureLogger();
  const kitMetrics = createMetrics();
  const gates = createGates();
  const metrics = createLoadtesterMetrics(kitMetrics, gates);
  const entry = new URL("main.ts", import.meta.url).href;
  const env = commandEnvironment({ ...process.env, FOLDER: folder }, { outgoingProxy: undefined, entry });
  runner = createTaskRunner({
    env,
    timeoutMs: o.timeoutMs ?? 60_000,
    log: log.log,
    metrics,
    clock: systemClock,
    tickMs: 10,
  });
  const namespaces = namespacesFrom(o.namespaces ?? "");
  server = createHookServer({
    port: 0,
    registry: kitMetrics.registry,
    gates,
    runner,
    namespaces,
    log: log.log,
    metrics,
  });
  const { signal } = new AbortController();
  await runner.start?.(signal);
  await server.start?.(signal);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-loadtester-"));
  await startLoadtester();
});
afterEach(async () => {
  await server.stop?.();
  await runner.stop?.();
});

async function call(path: string, body?: unknown, signal?: AbortSignal): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: "POST",
    headers: { connection: "close" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: response.status, body: await response.text() };
}
const podinfo = { name: "podinfo", namespace: "test" };
const task = (metadata: Record<string, unknown>, canary = podinfo) =>
  call("/", { ...canary, phase: "Progressing", checksum: "1", metadata });
const lines = async (file: string): Promise<string[]> =>
  (await readFile(join(folder, file), "utf8").catch(() => "")).split("\n").filter((line) => line !== "");

const fixed: Record<string, { path: string; body?: unknown; answer: { status: number; body: string } }> = {
  "is healthy": { path: "/healthz", answer: { status: 200, body: "OK" } },
  "approves without a payload": { path: "/gate/approve", answer: { status: 200, body: "OK" } },
  "halts without a payload": { path: "/gate/halt", answer: { status: 403, body: "Forbidden" } },
  "has gates closed at first": { path: "/gate/check", body: podinfo, answer: { status: 403, body: "Forbidden" } },
  "does not ask for rollbacks at first": {
    path: "/rollback/check",
    body: podinfo,
    answer: { status: 403, body: "Forbidden" },
  },
  "refuses what is no JSON": { path: "/gate/check", body: "{", answer: { status: 400, body: "" } },
  "refuses an empty body": { path: "/", answer: { status: 400, body: "" } },
  "refuses a name that is no text": { path: "/", body: { name: 7 }, answer: { status: 400, body: "" } },
  "needs metadata": { path: "/", body: podinfo, answer: { status: 400, body: "metadata not found in payload" } },
  "needs a cmd": {
    path: "/anything",
    body: { ...podinfo, metadata: { type: "cmd" } },
    answer: { status: 400, body: "cmd not found in metadata" },
  },
  "names the types it knows": {
    path: "/",
    body: { ...podinfo, metadata: { type: "ngrinder" } },
    answer: { status: 400, body: "unknown task type ngrinder, expected one of: bash, cmd, helm, helmv3, kubectl" },
  },
  "refuses an open quote": {
    path: "/",
    body: { ...podinfo, metadata: { type: "kubectl", cmd: "get 'pods" } },
    answer: { status: 400, body: "cmd has an open quote: get 'pods" },
  },
};
for (const [sentence, { path, body, answer }] of Object.entries(fixed)) {
  test(`${path} ${sentence}`, async () => expect(await call(path, body)).toEqual(answer));
}

for (const kind of ["gate", "rollback"]) {
  test(`a ${kind} stays as it was set, for this canary only`, async () => {
    expect(await call(`/${kind}/open`, podinfo)).toEqual({ status: 202, body: "" });
    expect(await call(`/${kind}/check`, podinfo)).toEqual({ status: 200, body: "Approved" });
    expect(await call(`/${kind}/check`, podinfo)).toEqual({ status: 200, body: "Approved" });
    expect((await call(`/${kind}/check`, { ...podinfo, namespace: "other" })).status).toBe(403);
    expect((await call(`/${kind === "gate" ? "rollback" : "gate"}/check`, podinfo)).status).toBe(403);
    expect(await call(`/${kind}/close`, podinfo)).toEqual({ status: 202, body: "" });
    expect((await call(`/${kind}/check`, podinfo)).status).toBe(403);
  });
}

const waiting: Record<string, { metadata: Record<string, unknown>; answer: { status: number; body: unknown } }> = {
  "bash answers when it is done": { metadata: { type: "bash", cmd: "echo hi" }, answer: { status: 200, body: "" } },
  "bash returns its output if asked": {
    metadata: { type: "bash", cmd: "echo hi; echo oh >&2", returnCmdOutput: "true" },
    answer: { status: 200, body: "hi\noh\n" },
  },
  "bash without a cmd does nothing well": { metadata: { type: "bash" }, answer: { status: 200, body: "" } },
  "bash says how it failed": {
    metadata: { type: "bash", cmd: "false" },
    answer: { status: 500, body: "command false failed: : exit status 1" },
  },
  "bash shows what it printed before": {
    metadata: { type: "bash", cmd: "echo oops; exit 3" },
    answer: { status: 500, body: "command echo oops; exit 3 failed: oops\n: exit status 3" },
  },
  "a missing program is named": {
    metadata: { type: "helm", cmd: "test app" },
    answer: { status: 500, body: 'command helm test app failed: : exec: "helm": executable file not found in $PATH' },
  },
};
for (const [sentence, { metadata, answer }] of Object.entries(waiting)) {
  test(sentence, async () => expect(await task(metadata)).toEqual(answer));
}

test("cmd answers at once; the same command of a canary never runs twice at the same time, but again afterwards", async () => {
  const cmd = 'echo run >> "$FOLDER/runs"; while [ ! -e "$FOLDER/go" ]; do sleep 0.02; done';
  for (let i = 0; i < 3; i++) expect(await task({ cmd })).toEqual({ status: 202, body: "" });
  await waitFor(async () => (await lines("runs")).length === 1);
  await task({ type: "cmd", cmd });
  await waitFor(() => log.find("command skipped, it is already running"));
  await task({ cmd }, { name: "other", namespace: "test" });
  await waitFor(async () => (await lines("runs")).length === 2);
  await task({ type: "bash", cmd: 'touch "$FOLDER/go"' });
  await waitFor(() => log.events.filter(({ msg }) => msg === "command finished").length >= 3);
  await task({ cmd });
  await waitFor(async () => (await lines("runs")).length === 3);
});

test("the output of cmd is logged only if asked, and credentials never", async () => {
  await task({ cmd: "echo quiet" });
  await task({ cmd: "echo loud; echo 'Authorization: Bearer hunter2'", logCmdOutput: "true" });
  await waitFor(() => log.events.filter(({ msg }) => msg === "command finished").length === 2);
  expect(log.events.filter(({ output }) => output !== undefined).map(({ output }) => output)).toEqual([
    "loud\nAuthorization: Bearer ***\n",
  ]);
  expect(log.text()).not.toContain("hunter2");
});

test("at its deadline a task ends with all its children", async () => {
  await server.stop?.();
  await runner.stop?.();
  await startLoadtester({ timeoutMs: 300 });
  const { status, body } = await task({ type: "bash", cmd: 'sleep 77.7 & echo $! > "$FOLDER/child"; wait' });
  expect(status).toBe(500);
  expect(body).toMatch(/: signal: terminated$/);
  const [child = ""] = await lines("child");
  await waitFor(() => !isRunning(Number(child)));
});

test("a waiting task ends when its caller has gone", async () => {
  const gone = new AbortController();
  const request = call(
    "/",
    { ...podinfo, metadata: { type: "bash", cmd: 'echo $$ > "$FOLDER/pid"; sleep 77.7' } },
    gone.signal,
  );
  const [pid = ""] = await waitFor(async () => ((await lines("pid")).length > 0 ? lines("pid") : undefined));
  gone.abort();
  await expect(request).rejects.toThrow();
  await waitFor(() => !isRunning(Number(pid)));
});

test("stopping ends what runs", async () => {
  await task({ cmd: 'echo $$ > "$FOLDER/pid"; sleep 77.7' });
  const [pid = ""] = await waitFor(async () => ((await lines("pid")).length > 0 ? lines("pid") : undefined));
  await runner.stop?.();
  expect(isRunning(Number(pid))).toBe(false);
});

test("only matching namespaces are served, if so configured", async () => {
  await server.stop?.();
  await runner.stop?.();
  await startLoadtester({ namespaces: "^test$" });
  expect((await task({ type: "bash", cmd: "true" })).status).toBe(200);
  for (const path of ["/", "/gate/open", "/rollback/check"]) {
    expect(await call(path, { name: "x", namespace: "prod-test", metadata: { type: "bash", cmd: "true" } })).toEqual({
      status: 403,
      body: "Forbidden",
    });
  }
  expect((await call("/gate/approve")).status).toBe(200);
  expect(() => namespacesFrom("(")).toThrow(/--namespace-regexp is "\(", expected a regular expression/);
});

test("hey works without being installed, in a script and with its flags", async () => {
  const target = await startTarget();
  const cmd = `hey -n 20 -c 4 -H 'X-Canary: always' ${target.url}/load | grep -A1 'Status code'`;
  const { status, body } = await task({ type: "bash", cmd, returnCmdOutput: "true" });
  expect({ status, body }).toEqual({ status: 200, body: "Status code distribution:\n  [200]\t20 responses\n" });
  expect(target.requests).toHaveLength(20);
  expect(target.requests[0]?.headers["x-canary"]).toBe("always");
  await target.stop();
});

test("gates and tasks are counted", async () => {
  await call("/gate/open", podinfo);
  await task({ type: "bash", cmd: "true" });
  await task({ type: "bash", cmd: "false" });
  await call("/", "no");
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers: { connection: "close" } });
  const text = await response.text();
  for (const line of [
    'burgee_loadtester_tasks_total{type="bash",result="ok"} 1',
    'burgee_loadtester_tasks_total{type="bash",result="failed"} 1',
    "burgee_loadtester_running_tasks 0",
    'burgee_loadtester_open_gates{kind="confirm"} 1',
    'burgee_loadtester_rejected_total{reason="bad_payload"} 1',
  ]) {
    expect(text).toContain(line);
  }
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
