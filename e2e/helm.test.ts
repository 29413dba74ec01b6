import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

/** A chart with a definition, an object of its kind, and pods that say on the way when they run. */
async function chartWithHooks(): Promise<string> {
  const chart = join(folder, "hooked");
  const hook = (name: string, hooks: string, weight: number) => `apiVersion: v1
kind: Pod
metadata:
  name: {{ .Release.Name }}-${name}
  annotations:
    helm.sh/hook: ${hooks}
    helm.sh/hook-weight: "${weight}"
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
    sim.burgee.dev/command: '["sh", "-c", "echo ${name} >> ${join(folder, "hooks")}; exit {{ .Values.exit }}"]'
spec: {restartPolicy: Never, containers: [{name: hook, image: "hook:1"}]}
`;
  const files: Record<string, string> = {
    "Chart.yaml": "apiVersion: v2\nname: hooked\nversion: 1.0.0\n",
    "values.yaml": "exit: 0\nsize: 1\n",
    "crds/toys.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: toys.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {plural: toys, singular: toy, kind: Toy}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: {spec: {type: object, properties: {size: {type: integer}}}}
`,
    "templates/toy.yaml":
      "apiVersion: example.com/v1\nkind: Toy\nmetadata: {name: bear}\nspec: {size: {{ .Values.size }}}\n",
    "templates/hooks.yaml": [
      hook("second", "pre-install", 2),
      hook("first", "pre-install", 1),
      hook("after", "post-install", 0),
      hook("upgrading", "pre-upgrade", 0),
      hook("undone", "post-rollback", 0),
      hook("tested", "test", 0),
      hook("last", "pre-delete", 0),
    ].join("---\n"),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(chart, name)), { recursive: true });
    await writeFile(join(chart, name), text);
  }
  return chart;
}

describe("helm with a chart that has hooks and definitions", () => {
  let chart: string;
  beforeAll(async () => {
    chart = await chartWithHooks();
  });
  const ran = async () => (await readFile(join(folder, "hooks"), "utf8")).trim().split("\n");
  const size = () => run("kubectl", "get toy bear -o jsonpath={.spec.size}");

  it("installs the definitions, runs the hooks in their order and waits for them", async () => {
    await run("helm", `install toys ${chart} --wait --timeout 20s`);
    expect(await ran()).toEqual(["first", "second", "after"]);
    expect(await size()).toBe("1");
    expect(await run("kubectl", "get pods -o name")).not.toContain("toys");
  });

  it("fails an upgrade whose hook fails, and changes nothing", async () => {
    const failed = run("helm", `upgrade toys ${chart} --set size=2,exit=1 --wait --timeout 20s`);
    await expect(failed).rejects.toThrow(/pre-upgrade hooks failed/);
    expect(await size()).toBe("1");
    expect(await run("helm", "history toys")).toMatch(/2 .*failed/);
  });

  it("upgrades, rolls back and tests it", async () => {
    await run("helm", `upgrade toys ${chart} --set size=3 --wait --timeout 20s`);
    expect(await size()).toBe("3");
    await run("helm", "rollback toys 1 --wait --timeout 20s");
    expect(await size()).toBe("1");
    expect(await run("helm", "test toys --timeout 20s")).toContain("Succeeded");
    expect((await ran()).slice(3)).toEqual(["upgrading", "upgrading", "undone", "tested"]);
  });

  it("uninstalls it with its hook; definitions stay", async () => {
    await run("helm", "uninstall toys --wait --timeout 20s");
    expect((await ran()).at(-1)).toBe("last");
    expect(await run("kubectl", "get toys -o name")).toBe("");
    expect(await run("kubectl", "get crd toys.example.com -o name")).toContain("toys.example.com");
  });
});
