import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createManagement } from "../management.ts";
import { createMetrics } from "../metrics.ts";
import { createReadiness } from "../readiness.ts";
import { captureLogger } from "./capture-logger.ts";
import { startProcess } from "./process.ts";
import { startPrometheus } from "./prometheus.ts";
import { startRedis, type TestRedis } from "./redis.ts";
import { waitFor } from "./wait-for.ts";

async function ask(redis: TestRedis, ...words: string[]): Promise<string> {
  const socket = net.connect(redis.port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write(`${words.join(" ")}\r\n`);
    const [answer] = await once(socket, "data");
    return String(answer).trim();
  } finally {
    socket.destroy();
  }
}

test("redis keeps acknowledged data over kill -9, and forgets it when told to", async () => {
  const redis = await startRedis();
  try {
    expect(await ask(redis, "SET", "a", "1")).toBe("+OK");
    await redis.kill9();
    await redis.restart({ keepData: true });
    expect(await ask(redis, "GET", "a")).toBe("$1\r\n1");
    await redis.restart({ keepData: false });
    expect(await ask(redis, "GET", "a")).toBe("$-1");
  } finally {
    await redis.stop();
  }
});

test("redis with a password refuses others", async () => {
  const redis = await startRedis({ password: "p@ss" });
  try {
    expect(redis.url).toBe(`redis://:p%40ss@127.0.0.1:${redis.port}`);
    expect(await ask(redis, "GET", "a")).toMatch(/^-NOAUTH/);
  } finally {
    await redis.stop();
  }
});

test("prometheus scrapes the targets of a file", { timeout: 30_000 }, async () => {
  const metrics = createMetrics();
  metrics.gauge({ name: "burgee_test_answer", help: "answer" }).set(42);
  const app = await createManagement({
    log: captureLogger().log,
    metrics,
    readiness: createReadiness(),
    name: "test",
  }).listen(0, "127.0.0.1");
  const targetsFile = join(await mkdtemp(join(tmpdir(), "kit-")), "targets.json");
  await writeFile(targetsFile, JSON.stringify([{ targets: [`127.0.0.1:${app.port}`], labels: { app: "shop" } }]));
  const prometheus = await startPrometheus({ targetsFile, scrapeIntervalMs: 200 });
  try {
    const samples = await waitFor(
      async () => {
        const found = await prometheus.query("burgee_test_answer");
        return found.length > 0 && found;
      },
      { timeoutMs: 20_000 },
    );
    expect(samples).toMatchObject([{ labels: { app: "shop", job: "pods" }, value: 42 }]);
  } finally {
    await prometheus.stop();
    await app.close(0);
  }
});

test("waitFor says what it saw instead", async () => {
  await expect(waitFor(() => undefined, { timeoutMs: 20, describe: () => ({ queue: 3 }) })).rejects.toThrow(
    'nothing after 20 ms; saw {"queue":3}',
  );
  await expect(
    waitFor(
      () => {
        throw new Error("not there");
      },
      { timeoutMs: 20 },
    ),
  ).rejects.toThrow("nothing after 20 ms; saw not there");
});

test("a process is followed until it ends", async () => {
  const child = await startProcess(
    process.execPath,
    ["-e", "console.log(process.env.GREETING); setInterval(() => {}, 1000)"],
    {
      env: { GREETING: "hello" },
    },
  );
  await child.waitForOutput(/hello/);
  expect(await child.stop()).toEqual({ code: null, signal: "SIGTERM" });
  const short = await startProcess(process.execPath, ["-e", "process.exit(3)"]);
  await expect(short.waitForOutput(/never/)).rejects.toThrow('ended ({"code":3,"signal":null}) without /never/');
  await expect(startProcess("/nowhere/program")).rejects.toThrow("ENOENT");
});
