import type { Canary } from "@burgee/contracts/crd";
import { createKubeClient, type KubeClient, resource, resources } from "@burgee/kube";
import { createLogger } from "@burgee/service-kit";
import { afterEach, describe, expect, it } from "vitest";
import { DemoProcess } from "./demo-process.ts";
import { waitFor } from "./wait-for.ts";

const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of cleanup.splice(0).reverse()) await stop();
});

describe("stopping and starting parts in the middle of the story", () => {
  it("ends the same way when Redis dies, and the analyzer and the controller are stopped and started", async () => {
    const demo = new DemoProcess();
    cleanup.push(() => demo.stop());
    const seen = { seen: () => demo.output() };
    const state = await waitFor("the demo to be up", () => demo.state(), seen);
    const kube = createKubeClient({ server: state.kubeServer, log: createLogger({ name: "e2e", level: "error" }) });
    cleanup.push(() => kube.close());

    await waitFor("the canary to reach 20 %", () => hasWeight(kube, 20), seen);
    process.kill(-state.pids.redis, "SIGKILL");
    await waitFor("the canary to reach 40 %", () => hasWeight(kube, 40), seen);
    await stopAndStart(kube, "metrics-analyzer");
    await stopAndStart(kube, "canary-controller");

    const outcome = await demo.outcome();
    expect(outcome).toMatchObject({ promoted: true, rolledBack: true, flagServed: true, failedDuringGoodRollout: 0 });
  });
});

async function hasWeight(kube: KubeClient, weight: number): Promise<boolean> {
  const { status } = await kube.get(canaries, { namespace: "shop", name: "shop" });
  return (status?.canaryWeight ?? 0) >= weight;
}

async function stopAndStart(kube: KubeClient, name: string): Promise<void> {
  const deployment = { namespace: "burgee-system", name };
  await kube.patch(resources.deployments, deployment, { spec: { replicas: 0 } }, { type: "merge" });
  await waitFor(`${name} to be gone`, async () => {
    const { items } = await kube.list(resources.pods, {
      namespace: deployment.namespace,
      labelSelector: `app=${name}`,
    });
    return items.length === 0;
  });
  await kube.patch(resources.deployments, deployment, { spec: { replicas: 1 } }, { type: "merge" });
}
