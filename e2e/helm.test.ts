import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: the extension is right, the .d.mts beside it only declares types
import { ensureKubectl } from "../scripts/kubectl.mjs";

// The life of a release with the real helm against kube-sim: each step builds on those before it.

let sim: KubeSim;
let folder: string;
let tools: { kubectl: string; helm: string };

beforeAll(async () => {
  tools = await ensureKubectl();
  folder = await mkdtemp(join(tmpdir(), "helm-"));
  sim = await startKubeSim();
  await sim.writeKubeconfig(join(folder, "config"));
  await run("helm", `create ${join(folder, "shop")}`);
});

afterAll(async () => {
  await sim.stop();
  await rm(folder, { recursive: true });
});

async function run(tool: "kubectl" | "helm", command: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, "config") };
  const { stdout } = await promisify(execFile)(tools[tool], command.split(" "), { env, timeout: 30_000 });
  return stdout;
}

const replicas = () => run("kubectl", "get deployment shop -o jsonpath={.status.readyReplicas}");
const chart = () => join(folder, "shop");

describe("helm", () => {
  it("installs a chart and waits until it is ready", async () => {
    expect(await run("helm", `install shop ${chart()} --wait --timeout 20s`)).toContain("STATUS: deployed");
    expect(await replicas()).toBe("1");
  });

  it("upgrades it", async () => {
    await run("helm", `upgrade shop ${chart()} --set replicaCount=3 --wait --timeout 20s`);
    expect(await replicas()).toBe("3");
  });

  it("rolls it back", async () => {
    await run("helm", "rollback shop 1 --wait --timeout 20s");
    expect(await replicas()).toBe("1");
    expect(await run("helm", "history shop")).toContain("Rollback to 1");
  });

  it("runs its tests", async () => {
    expect(await run("helm", "test shop --timeout 20s")).toContain("Succeeded");
  });

  it("uninstalls it without a trace", async () => {
    await run("helm", "uninstall shop --wait --timeout 20s");
    expect(await run("helm", "list -q")).toBe("");
    await expect
      .poll(() => run("kubectl", "get deployments,services,replicasets -o name"), { timeout: 10_000 })
      .toBe("");
  });
});
