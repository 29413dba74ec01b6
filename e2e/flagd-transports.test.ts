import { mkdtemp, readFile, rm } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { flags, greetingOf } from "./flagd-clients/cases.ts";
import type { FlagClient } from "./flagd-clients/client.ts";
import { type RunningFlagd, startFlagd } from "./flagd-clients/running-flagd.ts";
import { flagdOver } from "./flagd-clients/server-sdk.ts";
import { waitFor } from "./wait-for.ts";

const testdata = join(dirname(fileURLToPath(import.meta.url)), "../packages/service-kit/testdata");
const [certPath, keyPath] = [join(testdata, "loopback.crt"), join(testdata, "loopback.key")];

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function started(args: readonly string[]): Promise<RunningFlagd> {
  const flagd = await startFlagd(flags, args);
  closing.push(() => flagd.stop());
  return flagd;
}

async function opened(
  name: string,
  options: Parameters<typeof flagdOver>[1],
  flagd: RunningFlagd,
): Promise<FlagClient> {
  const client = await flagdOver(name, options).open(flagd);
  closing.push(() => client.close());
  return client;
}

const greeting = { key: "greeting", fallback: "x" };
const modes = ["rpc", "in-process"] as const;

describe("flagd-provider over TLS", () => {
  it.each(modes)("in %s mode", async (resolverType) => {
    const flagd = await started(["-c", certPath, "-k", keyPath]);
    const port = resolverType === "rpc" ? flagd.ports.evaluation : flagd.ports.sync;
    const options = { resolverType, host: "localhost", port, tls: true, certPath };
    const client = await opened(`tls ${resolverType}`, options, flagd);
    expect(await client.ask(greeting)).toMatchObject({ value: "hello", reason: "STATIC" });
    await flagd.write(greetingOf("short"));
    await waitFor("the change", async () => (await client.ask(greeting)).value === "hi", { timeoutMs: 10_000 });
  });

  it("beside JSON over HTTP/1.1", async () => {
    const { ports } = await started(["-c", certPath, "-k", keyPath]);
    const url = `https://localhost:${ports.evaluation}/flagd.evaluation.v2.Service/ResolveString`;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const headers = { "content-type": "application/json" };
    const call = request(url, { method: "POST", headers, ca: await readFile(certPath) }, (response) => {
      response.setEncoding("utf8").on("data", resolve);
    });
    call.on("error", reject).end('{"flagKey":"greeting"}');
    expect(JSON.parse(await promise)).toMatchObject({ value: "hello" });
  });
});

describe("flagd-provider over a Unix socket", () => {
  it.each(modes)("in %s mode, also after flagd was killed and left its socket file behind", async (resolverType) => {
    const directory = await mkdtemp(join(tmpdir(), "burgee-e2e-socket-"));
    closing.push(() => rm(directory, { recursive: true }));
    const socketPath = join(directory, "flagd.sock");
    const flagd = await started([resolverType === "rpc" ? "-d" : "-e", socketPath]);
    const client = await opened(`socket ${resolverType}`, { resolverType, socketPath }, flagd);
    expect(await client.ask(greeting)).toMatchObject({ value: "hello", reason: "STATIC" });
    await flagd.kill();
    await flagd.write(greetingOf("short"));
    await flagd.start();
    await waitFor("the new process", async () => (await client.ask(greeting)).value === "hi", { timeoutMs: 20_000 });
  });
});
