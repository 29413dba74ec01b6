// The demo against an API that it did not start; the simulator's API stands in for a cluster.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type KubeSim, type KubeSimOptions, startKubeSim } from "@burgee/kube-sim";
import { afterEach, describe, expect, it } from "vitest";
import { DemoProcess } from "./demo-process.ts";

const bare: KubeSimOptions = { controllers: false, kubelet: false, gateway: false, gatewayApi: false };
const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of cleanup.splice(0).reverse()) await stop();
});

async function startCluster(options: KubeSimOptions): Promise<KubeSim & { args: string[] }> {
  const sim = await startKubeSim(options);
  const folder = mkdtempSync(join(tmpdir(), "burgee-e2e-cluster-"));
  cleanup.push(
    () => rmSync(folder, { recursive: true }),
    () => sim.stop(),
  );
  const kubeconfig = join(folder, "config");
  await sim.writeKubeconfig(kubeconfig);
  return { ...sim, args: ["--cluster", "--context", "kube-sim", "--kubeconfig", kubeconfig] };
}

function startDemo(args: readonly string[]): DemoProcess {
  const demo = new DemoProcess(args);
  cleanup.push(() => demo.stop());
  return demo;
}

async function namesOf(url: string, path: string): Promise<string[]> {
  const response = await fetch(url + path);
  const { items }: { items: { metadata: { name: string } }[] } = JSON.parse(await response.text());
  return items.map(({ metadata }) => metadata.name).sort();
}

const system = ["default", "kube-node-lease", "kube-public", "kube-system"];

describe("the demo in a cluster that somebody else made", () => {
  it("plays the whole story where nothing else runs, and leaves only definitions behind", async () => {
    const cluster = await startCluster(bare);
    const demo = startDemo(cluster.args);
    const outcome = await demo.outcome();
    expect(outcome).toMatchObject({ promoted: true, rolledBack: true, flagServed: true, failedDuringGoodRollout: 0 });
    expect(demo.output()).toContain(`playing at ${cluster.url}`);
    expect(demo.output()).toContain("made custom resource definitions, which will stay");
    expect(await namesOf(cluster.url, "/api/v1/namespaces")).toEqual(system);
    expect(await namesOf(cluster.url, "/api/v1/nodes")).toEqual([]);
    expect(await namesOf(cluster.url, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")).toContain(
      "canaries.flagger.app",
    );
    const written = cluster.requests.log.filter(({ verb }) => !["get", "list", "watch"].includes(verb));
    const elsewhere = written.filter(({ namespace }) => namespace && !["shop", "burgee-system"].includes(namespace));
    expect(elsewhere).toEqual([]);
  });

  it("skips what needs pods where there are nodes, and says so", async () => {
    const cluster = await startCluster({ gateway: false });
    const demo = startDemo(cluster.args);
    expect(await demo.outcome()).toMatchObject({ promoted: false, flagServed: true });
    expect(demo.output()).toContain("the cluster has nodes of its own (kube-sim)");
    expect(demo.output()).toContain("skipped, because the shop's pods do not run here: traffic through a gateway");
    expect(await namesOf(cluster.url, "/api/v1/namespaces")).toEqual(system);
  });

  it("touches nothing where a namespace of its names is taken", async () => {
    const cluster = await startCluster(bare);
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    await expect(startDemo(cluster.args).outcome()).rejects.toThrow("[namespace_taken] namespace shop exists");
    expect(await namesOf(cluster.url, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")).toEqual([]);
    expect(await namesOf(cluster.url, "/api/v1/namespaces")).toEqual([...system, "shop"]);
  });
});
