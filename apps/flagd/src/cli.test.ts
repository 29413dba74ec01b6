import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testFlags } from "@burgee/flag-sync/testing";
import { freePort, startProcess, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binary, startFlagd } from "./testing/flagd-process.ts";

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "burgee-flagd-cli-"));
  file = join(directory, "flags.json");
  await writeFile(file, JSON.stringify(testFlags));
});
afterAll(() => rm(directory, { recursive: true }));

const failing: Record<string, [args: string[], message: RegExp]> = {
  "an unknown flag": [["start", "--portt", "1"], /--portt/],
  "a bad port": [["start", "-p", "70000"], /70000/],
  "an unknown URI": [
    ["start", "-f", "flags.json"],
    /invalid sync uri argument: flags\.json, must start with one of: file:/,
  ],
  "bad sources": [["start", "-s", '[{"uri":"x"}]'], /sources\[0\]\.provider is a required field/],
  "an unknown provider": [
    ["start", "-s", '[{"uri":"x","provider":"ftp"}]'],
    /provider is "ftp", expected one of: azblob, file/,
  ],
  "no source at all": [["start"], /no sync implementation set/],
  "a file that is not there": [
    ["start", "-f", "file:/nowhere/flags.json"],
    /source is "file:\/nowhere\/flags\.json", expected a file that can be read/,
  ],
};

describe("flagd start", () => {
  it.each(Object.entries(failing))("exits 1 for %s and says what is wrong", async (_, [args, message]) => {
    const ports = ["FLAGD_PORT", "FLAGD_MANAGEMENT_PORT", "FLAGD_SYNC_PORT"].map((name) => [name, "0"]);
    const flagd = await startProcess(binary, args, { env: Object.fromEntries(ports) });
    expect(await flagd.exit).toEqual({ code: 1, signal: null });
    expect(flagd.output()).toMatch(message);
  });

  it.each([
    ["version", /^flagd: \d+\.\d+\.\d+\S* \(\w+\), built at: \w+\n$/],
    ["help", /^Usage: flagd \[start\|/],
    ["--help", /--max-request-header/],
  ])("prints what %s asks for on standard output, and no more", async (word, text) => {
    const flagd = await startProcess(binary, [word]);
    expect(await flagd.exit).toEqual({ code: 0, signal: null });
    expect(flagd.stdout()).toMatch(text);
    expect(flagd.output()).toBe(flagd.stdout());
  });

  it("reads sources and settings from the environment", async () => {
    const [port, managementPort] = await Promise.all([freePort(), freePort()]);
    const flagd = await startProcess(binary, ["start"], {
      env: {
        FLAGD_URI: `file:${file}`,
        FLAGD_PORT: String(port),
        FLAGD_MANAGEMENT_PORT: String(managementPort),
        FLAGD_SYNC_PORT: "0",
        FLAGD_LOG_FORMAT: "json",
      },
    });
    await flagd.waitForOutput(/"msg":"started"/);
    expect((await fetch(`http://127.0.0.1:${managementPort}/healthz`)).status).toBe(200);
    flagd.signal("SIGTERM");
    expect(await flagd.exit).toEqual({ code: 0, signal: null });
  });

  it("is not ready while a source has not delivered, with upstream's status", async () => {
    const [managementPort, nobody] = await Promise.all([freePort(), freePort()]);
    const ports = ["-p", "0", "-g", "0", "-m", String(managementPort)];
    const flagd = await startProcess(binary, [
      "start",
      "-f",
      `file:${file}`,
      "-f",
      `grpc://127.0.0.1:${nobody}`,
      ...ports,
    ]);
    const readyz = `http://127.0.0.1:${managementPort}/readyz`;
    const answer = await waitFor(async () => {
      const response = await fetch(readyz);
      const body = await response.text();
      return body.includes("starting") && { status: response.status, body };
    });
    expect(answer.status).toBe(412);
    await flagd.stop();
  });

  it("is ready with a bad file beside a good one, and says that it is degraded", async () => {
    const bad = join(directory, "bad.yaml");
    await writeFile(bad, "flags: [");
    const flagd = await startFlagd(testFlags, ["-f", `file:${bad}`]);
    const readyz = `http://127.0.0.1:${flagd.managementPort}/readyz`;
    const body = await waitFor(async () => {
      const response = await fetch(readyz);
      const text = await response.text();
      return response.status === 200 && text.includes("degraded") && text;
    });
    expect(body).toContain("bad.yaml is not YAML");
    await flagd.stop();
  });

  it("serves on a Unix socket instead of the port", async () => {
    const socketPath = join(directory, "flagd.sock");
    const flagd = await startFlagd(testFlags, ["-d", socketPath]);
    const path = "/flagd.evaluation.v2.Service/ResolveString";
    const headers = { "content-type": "application/json" };
    const text = await new Promise<string>((resolve, reject) => {
      const call = request({ socketPath, path, method: "POST", headers }, (response) => {
        response.setEncoding("utf8").on("data", resolve);
      });
      call.on("error", reject).end('{"flagKey":"greeting"}');
    });
    expect(JSON.parse(text)).toMatchObject({ value: "hello" });
    await flagd.stop();
  });

  it("says goodbye on event streams and ends within the grace period", async () => {
    const flagd = await startFlagd(testFlags);
    const stream = await fetch(`http://127.0.0.1:${flagd.port}/flagd.evaluation.v1.Service/EventStream`, {
      method: "POST",
      headers: { "content-type": "application/connect+json" },
      body: Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), Buffer.from("{}")]),
    });
    const text = stream.text();
    flagd.process.signal("SIGTERM");
    expect(await flagd.process.exit).toEqual({ code: 0, signal: null });
    expect(await text).toMatch(/provider_ready.*provider_shutdown/s);
    await flagd.stop();
  });

  it("ends streams at their deadline with upstream's words", async () => {
    const flagd = await startFlagd(testFlags, ["--stream-deadline", "200ms"]);
    const stream = await fetch(`http://127.0.0.1:${flagd.port}/flagd.evaluation.v1.Service/EventStream`, {
      method: "POST",
      headers: { "content-type": "application/connect+json" },
      body: Buffer.concat([Buffer.from([0, 0, 0, 0, 2]), Buffer.from("{}")]),
    });
    expect(await stream.text()).toMatch(
      /"code":"deadline_exceeded","message":"stream closed due to server-side timeout"/,
    );
    await flagd.stop();
  });
});
