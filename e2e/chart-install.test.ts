import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
// biome-ignore lint/correctness/useImportExtensions: the extension is right, the .d.mts beside it only declares types
import { ensureKubectl } from "../scripts/kubectl.mjs";
import { chartsFolder } from "./charts/chart-folders.ts";
import { helm, namespace, valuesArgs } from "./charts/helm.ts";

// The life of a release: each step builds on those before it.

let sim: KubeSim;
let folder: string;
let kubeconfig: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "burgee-install-"));
  kubeconfig = join(folder, "config");
  sim = await startKubeSim();
  await sim.writeKubeconfig(kubeconfig);
});

afterAll(async () => {
  await sim.stop();
  await rm(folder, { recursive: true });
});

const chart = join(chartsFolder, "burgee");
const waiting = ["--namespace", namespace, "--wait", "--timeout", "60s"];

async function kubectl(command: string): Promise<string> {
  const { kubectl: binary } = await ensureKubectl();
  const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: kubeconfig };
  const { stdout } = await promisify(execFile)(binary, command.split(" "), { env, timeout: 30_000 });
  return stdout.trim();
}

const secretNames = [
  "burgee-redis",
  "burgee-redis-canary-controller",
  "burgee-redis-metrics-analyzer",
  "burgee-verdict-key",
  "burgee-hook-token",
];
const secrets = () =>
  Promise.all(secretNames.map((name) => kubectl(`get secret ${name} --namespace ${namespace} -o jsonpath={.data}`)));
const definitions = () => kubectl("get crds -l !gateway.networking.k8s.io/bundle-version -o name");
const replicas = (name: string) =>
  kubectl(`get deployment burgee-${name} --namespace ${namespace} -o jsonpath={.status.availableReplicas}`);

describe("a release of the chart", () => {
  let first: string[];

  it("is installed and becomes ready", async () => {
    const output = await helm(
      ["install", "burgee", chart, "--create-namespace", ...waiting, ...valuesArgs({ example: "minimal" })],
      kubeconfig,
    );
    expect(output).toContain("STATUS: deployed");
    expect(await definitions()).toContain("customresourcedefinition.apiextensions.k8s.io/canaries.flagger.app");
    expect(await replicas("canary-controller")).toBe("1");
    first = await secrets();
    expect(first.every((data) => data.length > 40)).toBe(true);
  });

  it("is upgraded to more replicas and keeps every password and key", async () => {
    const values = {
      example: "minimal",
      set: { "canary-controller.leaderElection.enabled": "true", "canary-controller.leaderElection.replicaCount": "3" },
    };
    await helm(["upgrade", "burgee", chart, ...waiting, ...valuesArgs(values)], kubeconfig);
    expect(await replicas("canary-controller")).toBe("3");
    expect(await secrets()).toEqual(first);
  });

  it("brings the definitions up to date", async () => {
    await kubectl("label crd canaries.flagger.app burgee.dev/changed=yes");
    await kubectl(`patch crd canaries.flagger.app --type json -p [{"op":"remove","path":"/spec/names/categories"}]`);
    await helm(
      ["upgrade", "burgee", chart, "--force-conflicts", ...waiting, ...valuesArgs({ example: "minimal" })],
      kubeconfig,
    );
    expect(await kubectl("get crd canaries.flagger.app -o jsonpath={.spec.names.categories}")).toContain("all");
  });

  it("is tested, and rolled back to what it was first", async () => {
    expect(await helm(["test", "burgee", "--namespace", namespace, "--timeout", "60s"], kubeconfig)).toContain(
      "Succeeded",
    );
    await helm(["rollback", "burgee", "2", "--force-conflicts", ...waiting], kubeconfig);
    expect(await replicas("canary-controller")).toBe("3");
    expect(await secrets()).toEqual(first);
  });

  it("takes the objects of users, and leaves them and their definitions when it is uninstalled", async () => {
    const before = await definitions();
    await sim.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      {
        apiVersion: "core.openfeature.dev/v1beta1",
        kind: "FeatureFlag",
        metadata: { name: "shop-flags", namespace: "shop" },
        spec: { flagSpec: { flags: {} } },
      },
    );
    await helm(["uninstall", "burgee", ...waiting], kubeconfig);
    expect(await definitions()).toBe(before);
    expect(await kubectl("get featureflag shop-flags --namespace shop -o name")).toContain("shop-flags");
    expect(
      await kubectl(
        `get deployments,services,secrets,configmaps --namespace ${namespace} -l app.kubernetes.io/instance=burgee -o name`,
      ),
    ).toBe("");
    expect(await kubectl("get clusterroles,clusterrolebindings -l app.kubernetes.io/part-of=burgee -o name")).toBe("");
  });

  it("can be installed again over the definitions that stayed, now with a volume for the embedded Redis", async () => {
    const output = await helm(["install", "burgee", chart, ...waiting], kubeconfig);
    expect(output).toContain("STATUS: deployed");
    const claim = `get pvc burgee-redis --namespace ${namespace} -o jsonpath={.status.phase}/{.status.capacity.storage}`;
    expect(await kubectl(claim)).toBe("Bound/1Gi");
    const volume = "{.spec.template.spec.volumes[?(@.name=='data')].persistentVolumeClaim.claimName}";
    expect(await kubectl(`get deployment burgee-redis --namespace ${namespace} -o jsonpath=${volume}`)).toBe(
      "burgee-redis",
    );
    expect(await replicas("redis")).toBe("1");
  });
});
