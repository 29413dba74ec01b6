// spec.dependsOn: the order across canaries.
import type { CanarySpec } from "@burgee/contracts/crd";
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { podinfo, podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const first = "first-region";

describe("a canary that depends on another", () => {
  const lab = withLab();

  /** The same workload and Canary in a namespace of their own. */
  async function applyFirst(): Promise<void> {
    await lab().sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: first } });
    const moved = (object: object) => ({ ...object, metadata: { ...metadataOf(object), namespace: first } });
    await lab().sim.apply(...podinfo().map(moved), moved(podinfoCanary()));
  }

  async function releaseFirst(tag: string): Promise<void> {
    const image = `example.com/podinfo:${tag}`;
    const patch = { spec: { template: { spec: { containers: [{ name: "app", image }] } } } };
    await lab().client.patch(resources.deployments, { namespace: first, name }, patch, { type: "strategic" });
  }

  const phaseOfFirst = async () => (await lab().client.get(canaries, { namespace: first, name })).status?.phase;
  const reason = async () => (await lab().canary()).status?.hold?.message;

  async function start(dependsOn: CanarySpec["dependsOn"]): Promise<void> {
    await applyFirst();
    await lab().sim.apply(podinfoCanary({}, dependsOn === undefined ? {} : { dependsOn }));
    await lab().startController();
    await lab().phase("Initialized");
    await waitFor(async () => (await phaseOfFirst()) === "Initialized");
  }

  test("starts only when that one has finished the same image", async () => {
    await start([{ name, namespace: first }]);
    await lab().release("v2");
    await waitFor(
      async () =>
        (await reason()) ===
        `Halt podinfo.test advancement waiting for canary podinfo.${first}: runs example.com/podinfo:v1, and container app here is example.com/podinfo:v2`,
    );
    expect(lab().requests).toEqual([]);
    await releaseFirst("v2");
    await lab().phase("Succeeded");
    expect(await phaseOfFirst()).toBe("Succeeded");
    const order = lab().requests.map((request) => request.namespace);
    expect(order).toEqual([...order].sort());
    expect(new Set(order)).toEqual(new Set([first, namespace]));
  });

  test("starts at once when that one has finished, however long its own interval is", async () => {
    await applyFirst();
    await lab().sim.apply(podinfoCanary({ interval: "1h" }, { dependsOn: [{ name, namespace: first }] }));
    await lab().startController();
    await lab().phase("Initialized");
    await waitFor(async () => (await phaseOfFirst()) === "Initialized");
    await lab().release("v2");
    await waitFor(async () => (await reason())?.includes("waiting for canary"));
    await releaseFirst("v2");
    await waitFor(async () => (await phaseOfFirst()) === "Succeeded", { timeoutMs: 10_000 });
    await lab().phase("Progressing", 2_000);
  });

  test("does not start when that one failed", async () => {
    await start([{ name, namespace: first }]);
    lab().judge((request) => (request.namespace === first ? "fail" : "pass"));
    await releaseFirst("v2");
    await waitFor(async () => (await phaseOfFirst()) === "Failed");
    await lab().release("v2");
    await waitFor(
      async () => (await reason()) === `Halt podinfo.test advancement waiting for canary podinfo.${first}: has failed`,
    );
    expect((await lab().canary()).status?.phase).toBe("Initialized");
  });

  test("says that it does not know a cluster", async () => {
    await lab().sim.apply(podinfoCanary({}, { dependsOn: [{ name: "other", cluster: "mars" }] }));
    await lab().startController();
    await waitFor(async () => {
      const { status } = await lab().canary();
      return status?.conditions?.some((c) => c.type === "InvalidSpec" && c.message?.includes("mars") === true);
    });
  });
});

function metadataOf(object: object): object {
  const metadata: unknown = Reflect.get(object, "metadata");
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}
