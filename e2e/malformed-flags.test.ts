// Malformed flags: the last good ones are served on, a log line and /readyz name the path and what would be right.
import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { freePort } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { featureFlag } from "./malformed-objects.ts";
import { type ServiceProcess, startService } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

const folder = mkdtempSync(join(tmpdir(), "burgee-bad-flags-"));
const file = join(folder, "flags.json");
const brokenFile = join(folder, "broken.json");
let sim: KubeSim;
let flagd: ServiceProcess;
let port: number;

function write(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function document(color: string, changes: object = {}): string {
  const header = { state: "ENABLED", variants: { [color]: color }, defaultVariant: color, ...changes };
  return JSON.stringify({ flags: { header } });
}

beforeAll(async () => {
  sim = await startKubeSim({ crds: [join(import.meta.dirname, "../deploy/crds")], controllers: false });
  await sim.apply(featureFlag("flags", { state: "ENABLED", variants: { on: true }, defaultVariant: "on" }));
  write(file, document("red"));
  write(brokenFile, "{");
  port = await freePort();
  flagd = await startService("flagd", [
    ...["-f", `file:${file}`, "-f", "core.openfeature.dev/default/flags", "-f", `file:${brokenFile}`],
    ...["--kube-server", sim.url, "--port", String(port), "--sync-port", String(await freePort())],
    ...["--ofrep-port", "0"],
  ]);
});
afterAll(async () => {
  await flagd?.stop();
  await sim?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function resolve(type: "String" | "Boolean", flagKey: string): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${port}/flagd.evaluation.v1.Service/Resolve${type}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flagKey, context: {} }),
  });
  const answer: { value?: unknown } = JSON.parse(await response.text());
  return answer.value;
}

async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  await waitFor(what, check, { timeoutMs: 20_000, seen: () => flagd.process.output().slice(-4_000) });
}

it("a file that is broken at the start keeps nobody else's flags from being served", async () => {
  await eventually("degraded flagd", async () => {
    const { httpStatus, status, checks } = await flagd.readyz();
    const reason = checks[`source ${brokenFile}`] ?? "";
    return httpStatus === 200 && status === "degraded" && reason.includes(brokenFile) && reason.includes("JSON");
  });
  expect(flagd.logged(brokenFile).join("\n")).toContain("JSON");
  expect(await resolve("String", "header")).toBe("red");
  expect(await resolve("Boolean", "new")).toBe(true);
  write(brokenFile, JSON.stringify({ flags: {} }));
  await eventually("ready flagd", async () => (await flagd.readyz()).status === "ready");
});

const reloads: Record<string, { break: () => void; says: string }> = {
  "text that is no JSON": { break: () => write(file, '{"flags": {"header": '), says: "JSON" },
  "a document without flags": {
    break: () => write(file, "{}"),
    says: "flags is missing, expected an object of flag key and flag",
  },
  "a default that is no variant": {
    break: () => write(file, document("green", { defaultVariant: "blue" })),
    says: 'flags.header.defaultVariant is "blue", expected one of the variants: green',
  },
  "a file that went away": { break: () => unlinkSync(file), says: "ENOENT" },
};

describe("the last good flags are served after a change to", () => {
  it.each(Object.entries(reloads))("%s", async (_sentence, reload) => {
    const before = flagd.process.output().length;
    reload.break();
    await eventually("the reason in /readyz", async () => {
      const { httpStatus, checks } = await flagd.readyz();
      return httpStatus === 200 && (checks[`source ${file}`] ?? "").includes(reload.says);
    });
    const logged = flagd.process.output().slice(before).replaceAll('\\"', '"');
    expect(logged).toContain(reload.says);
    expect(logged).toContain(file);
    expect(await resolve("String", "header")).toBe("red");
    expect(await resolve("Boolean", "new")).toBe(true);

    write(file, document("red"));
    await eventually("ready flagd", async () => (await flagd.readyz()).status === "ready");
  });
});

it("an unknown state is served as upstream does, with a warning", async () => {
  write(file, document("green", { state: "ON" }));
  await eventually("the new flag", async () => (await resolve("String", "header")) === "green");
  expect(flagd.process.output().replaceAll('\\"', '"')).toContain(
    'flags.header.state is "ON", expected "ENABLED" or "DISABLED"; the flag is served as enabled',
  );
});

it("a FeatureFlag that breaks changes nothing that is served, and is taken when it is mended", async () => {
  const says = 'flags.new.defaultVariant is "off", expected one of the variants: on';
  await sim.apply(featureFlag("flags", { state: "ENABLED", variants: { on: true }, defaultVariant: "off" }));
  await eventually("the reason in /readyz", async () => {
    const { httpStatus, checks } = await flagd.readyz();
    return httpStatus === 200 && (checks["source default/flags"] ?? "").includes(says);
  });
  expect(flagd.process.output().replaceAll('\\"', '"')).toContain(says);
  expect(await resolve("Boolean", "new")).toBe(true);
  await sim.apply(featureFlag("flags", { state: "ENABLED", variants: { on: false }, defaultVariant: "on" }));
  await eventually("the mended flag", async () => (await resolve("Boolean", "new")) === false);
  expect((await flagd.readyz()).status).toBe("ready");
});
