import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { freePort } from "./testing/free-port.ts";
import { type RunningProcess, startProcess } from "./testing/process.ts";
import { waitFor } from "./testing/wait-for.ts";
import { version } from "./version.ts";

const program = fileURLToPath(new URL("../testdata/app.ts", import.meta.url));
const running: RunningProcess[] = [];
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.signal("SIGKILL");
    await process.exit;
  }
});

async function run(...args: string[]): Promise<RunningProcess> {
  const app = await startProcess(process.execPath, [program, ...args]);
  running.push(app);
  return app;
}

async function runUntilStarted(...args: string[]): Promise<{ app: RunningProcess; url: string }> {
  const port = await freePort();
  const app = await run(`--management-port=${port}`, ...args);
  await app.waitForOutput(/"msg":"started"/);
  return { app, url: `http://127.0.0.1:${port}` };
}

/** Messages in the order in which they were logged. */
function messages(app: RunningProcess): string[] {
  return [...app.output().matchAll(/"msg":"([^"]*)"/g)].map(([, msg]) => msg ?? "");
}

test("starts, is ready, and stops in reverse order on SIGTERM", async () => {
  const { app, url } = await runUntilStarted();
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([200, '{"status":"ready","checks":{}}\n']);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toContain(`burgee_build_info{service="testapp",version="${version}"} 1`);
  expect(metrics).toContain("process_resident_memory_bytes");
  app.signal("SIGTERM");
  expect(await app.exit).toEqual({ code: 0, signal: null });
  expect(messages(app).slice(-6)).toEqual([
    "stopping",
    "readiness changed",
    "second is told",
    "second stops",
    "first stops",
    "stopped",
  ]);
  expect(app.output()).toContain('"stopping":true,"msg":"second stops"');
});

test("is unready during the drain delay but still answers", async () => {
  const { app, url } = await runUntilStarted("--drain-delay=500ms");
  app.signal("SIGTERM");
  await app.waitForOutput(/"status":"stopping"/);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await app.exit).code).toBe(0);
});

test("a second signal exits at once", async () => {
  const { app } = await runUntilStarted("--stop-hangs");
  app.signal("SIGINT");
  await app.waitForOutput(/second is told/);
  app.signal("SIGTERM");
  expect((await app.exit).code).toBe(1);
  expect(messages(app).at(-1)).toBe("second signal, exiting at once");
});

test("a part that does not stop is named and the exit code is 1", async () => {
  const { app } = await runUntilStarted("--stop-hangs", "--shutdown-timeout=50ms");
  app.signal("SIGTERM");
  expect((await app.exit).code).toBe(1);
  expect(app.output()).toContain('"part":"second","timeoutMs":');
  expect(messages(app)).toContain("first stops");
});

test("a remote that is away keeps it starting, alive and saying so", async () => {
  const { app, url } = await runUntilStarted("--remote");
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: "starting", checks: { redis: "connection refused, retrying in 2s" } },
  ]);
  expect((await app.stop()).code).toBe(0);
});

test("a part that fails to start ends it with 1, after stopping what runs", async () => {
  const app = await run("--management-port=0", "--start-fails");
  expect((await app.exit).code).toBe(1);
  expect(app.output()).toContain("[start_failed] second did not start: no room");
  expect(messages(app)).toContain("first stops");
});

test("a part that fails later ends it with 1 in order", async () => {
  const { app, url } = await runUntilStarted();
  await fetch(`${url}/fail`, { method: "POST" });
  expect((await app.exit).code).toBe(1);
  expect(app.output()).toContain("the part broke");
  expect(messages(app)).toContain("first stops");
});

test("an unhandled rejection ends it with 1, without showing a secret", async () => {
  const { app, url } = await runUntilStarted();
  await fetch(`${url}/reject`, { method: "POST" }).catch((error: unknown) => error);
  expect((await app.exit).code).toBe(1);
  expect(messages(app).at(-1)).toBe("unhandled rejection");
  expect(app.output()).toContain("nobody awaits this ***");
});

test("a port in use ends it with 1 and is named", async () => {
  const { url } = await runUntilStarted();
  const app = await run(`--management-port=${new URL(url).port}`);
  expect((await app.exit).code).toBe(1);
  expect(app.output()).toContain(`[port_in_use] cannot serve management: port ${new URL(url).port} is in use`);
});

test("a bad configuration prints every problem and exits 2", async () => {
  const app = await run("--management-port=x", "--tokn=1");
  expect((await app.exit).code).toBe(2);
  expect(app.output()).toBe(
    [
      "testapp: 2 problems in the configuration",
      "  unknown flag --tokn, did you mean --token?",
      '  --management-port is "x", expected a port from 0 to 65535',
      "See testapp --help for all settings.",
      "",
    ].join("\n"),
  );
});

test("a configuration that only the app can judge exits 2 as well", async () => {
  const app = await run("--management-port=0", "--nowhere");
  expect((await app.exit).code).toBe(2);
  expect(app.output()).toContain(
    "testapp: 1 problem in the configuration\n  --kube-server is missing, expected a URL\n",
  );
});

test("help and version go to standard output and exit 0", async () => {
  const help = await run("--help");
  expect((await help.exit).code).toBe(0);
  expect(help.stdout()).toContain("Usage: testapp [flags]");
  expect(help.stdout()).not.toContain("hunter22");
  const printing = await run("--version");
  await printing.exit;
  expect(printing.stdout()).toBe(`testapp ${version}\n`);
});

test("an idle app is small", async () => {
  const { url } = await runUntilStarted();
  const rss = async (): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  };
  // Unbundled TypeScript on Node 24 costs more than the bundle that is shipped; this only catches a heavy import.
  expect(await waitFor(rss)).toBeLessThan(150 * 1024 * 1024);
});
