// The steps of the Dockerfile's last stages without Docker: only what the image holds, only Node, no rights to write there.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startProcess } from "@burgee/service-kit/testing";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { root } from "./charts/chart-folders.ts";
import { type ServiceName, services } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

const folder = mkdtempSync(join(tmpdir(), "burgee-image-"));
const running: { stop(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) await child.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
/** What becomes an image: the last stage, which is built unless a target is named, and those that some services name. */
const stages = dockerfile.split(/^(?=FROM )/m).filter((stage) => stage.includes("ENTRYPOINT"));
const targets: Partial<Record<ServiceName, string>> = {
  loadtester: "with-shell",
  "canary-controller": "canary-controller",
};
const stageOf = (name: ServiceName): string | undefined =>
  targets[name] === undefined
    ? stages.at(-1)
    : stages.find((stage) => stage.split("\n")[0]?.endsWith(` AS ${targets[name]}`));

const flags = join(folder, "flags.json");
writeFileSync(flags, '{"flags": {}}');
const elsewhere = ["--kube-server", "http://127.0.0.1:1", "--redis-url", "redis://127.0.0.1:1"];
const args: Record<ServiceName, (ports: readonly string[]) => readonly string[]> = {
  flagd: ([port = "", sync = ""]) => [
    "--uri",
    `file:${flags}`,
    "--port",
    port,
    "--sync-port",
    sync,
    "--ofrep-port",
    "0",
  ],
  "flagd-proxy": ([port = ""]) => [...elsewhere, "--port", port],
  "canary-controller": () => elsewhere,
  "metrics-analyzer": () => elsewhere,
  "alert-dispatcher": () => elsewhere,
  "admin-api": ([port = ""]) => [...elsewhere, "--port", port, "--host", "127.0.0.1"],
  loadtester: ([port = ""]) => ["--port", port],
};

/** The entry point as the image has it, with the image's folder here and this Node. */
function entryPoint(name: ServiceName, image: string): string[] {
  const [, json = "[]"] = /^ENTRYPOINT (\[.*\])$/m.exec(stageOf(name) ?? "") ?? [];
  const words: unknown = JSON.parse(json);
  if (!Array.isArray(words)) throw new Error("ENTRYPOINT of the Dockerfile is expected to be a JSON array");
  return words.map((word) =>
    String(word)
      .replace(/^(\/nodejs\/bin\/)?node$/, process.execPath)
      .replace(/^\/app/, image),
  );
}

describe("the image", () => {
  it("runs as nobody in particular, from the bundle that was collected", () => {
    expect(stages).toHaveLength(3);
    for (const stage of stages) {
      expect(stage).toContain("USER 65532:65532");
      expect(stage).toContain("COPY --from=build /image /app");
    }
    expect(dockerfile).toMatch(/^RUN node deploy\/image\/collect\.mjs "\$\{APP\}" \/image$/m);
  });

  const names = Object.keys(args).filter((name): name is ServiceName => name in services);
  it.each(names)("of %s starts with nothing but Node and answers /healthz", async (name) => {
    const image = join(folder, name);
    execFileSync(process.execPath, [join(root, "deploy/image/collect.mjs"), name, image]);
    const [node = "", ...before] = entryPoint(name, image);
    const ports = await Promise.all([freePort(), freePort(), freePort()]);
    const [management, ...others] = ports.map(String);
    const own = [...services[name], "--management-port", management ?? "", ...args[name](others)];
    const child = await startProcess(node, [...before, ...own], { cwd: image, env: { PATH: "/nowhere" } });
    running.push(child);
    const healthz = () =>
      fetch(`http://127.0.0.1:${management}/healthz`).then(
        ({ status }) => status === 200,
        () => false,
      );
    await waitFor(`${name} to live`, healthz, { timeoutMs: 30_000, seen: () => child.output() });
  });
});
