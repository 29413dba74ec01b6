// Whole rollouts of every kind of target with pods.
import { apiVersionOf } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { customWorkloadDefinitions, startCustomWorkloads } from "./testing/custom-workloads.ts";
import { configMap, podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { type PodTargetName, podTargets, releaseOf, targetOf } from "./testing/targets.ts";
import { withLab } from "./testing/with-lab.ts";
import type { PodWorkload } from "./workloads/pods/pod-kind.ts";
import { replicasAt } from "./workloads/pods/replicas.ts";

const kinds: readonly PodTargetName[] = ["DaemonSet", "StatefulSet", "CloneSet", "Rollout", "Fleet"];
/** A StatefulSet may have volumes of its own. */
const volumes = {
  volumeClaimTemplates: [
    {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
    },
  ],
};

describe.each(kinds)("a %s", (kind) => {
  const lab = withLab();
  const { resource: workloads, replicasPath } = podTargets[kind];
  const read = (of: string) => lab().client.get(workloads, { namespace, name: of });
  const image = async (of: string) => (await read(of)).spec.template.spec.containers[0]?.image;
  const isAtRest = ({ spec }: PodWorkload) =>
    replicasPath === undefined
      ? spec.template.spec.nodeSelector?.["flagger.app/scale-to-zero"] === "true"
      : replicasAt(spec, replicasPath) === 0;

  async function initialized(o: { revertOnDeletion?: boolean } = {}): Promise<() => Promise<void>> {
    const { sim, client } = lab();
    const target = targetOf(kind, { name: "web", namespace, version: "v1", replicas: 2, configs: ["web-config"] });
    const spec = { ...target.spec, ...(kind === "StatefulSet" ? volumes : {}) };
    const config = configMap({ name: "web-config", namespace }, "blue");
    await sim.apply(...customWorkloadDefinitions, config, { ...target, spec });
    const stopCustomWorkloads = startCustomWorkloads(client);
    const targetRef = { apiVersion: apiVersionOf(workloads), kind, name: "web" };
    await sim.apply(
      podinfoCanary({ canaryPod: { nodeSelector: {}, priorityClassName: "spare" } }, { targetRef, ...o }),
    );
    await lab().startController();
    await lab().phase("Initialized", 20_000);
    return stopCustomWorkloads;
  }
  const release = () =>
    lab().client.patch(workloads, { namespace, name: "web" }, releaseOf(kind, { name: "web", version: "v2" }), {
      type: "json",
    });

  test("is promoted: its primary gets the new revision, then it rests again", async () => {
    const stop = await initialized();
    expect(isAtRest(await read("web"))).toBe(true);
    expect(await image("web-primary")).toBe("example.com/web:v1");
    const primary = await read("web-primary");
    expect(primary.spec.selector).toEqual({ matchLabels: { app: "web-primary" } });
    lab().judge((request) => (request.weight < 50 ? "pass" : "silent"));
    await release();
    await waitFor(() => lab().requests.some((request) => request.weight === 50), { timeoutMs: 20_000 });
    const running = await read("web");
    expect(isAtRest(running)).toBe(false);
    expect(running.spec.template.spec.priorityClassName).toBe("spare");
    lab().judge(() => "pass");
    await lab().answer(lab().requests.at(-1) ?? fail("no request"), "pass");
    const { status } = await lab().phase("Succeeded", 20_000);
    expect(status).toMatchObject({ run: 1, trackedConfigs: { "configmap/web-config": expect.any(String) } });
    const promoted = await read("web-primary");
    expect(promoted.spec.template.spec.containers[0]).toMatchObject({
      image: "example.com/web:v2",
      envFrom: [{ configMapRef: { name: "web-config-primary" } }],
    });
    expect(promoted.spec.template.spec.priorityClassName).toBeUndefined();
    const resting = await read("web");
    expect(isAtRest(resting)).toBe(true);
    expect(resting.spec.template.spec.priorityClassName).toBeUndefined();
    await stop();
  });

  test("is rolled back: the primary keeps the old revision, and the target rests", async () => {
    const stop = await initialized();
    lab().judge(() => "fail");
    await release();
    await lab().phase("Failed", 20_000);
    expect(await image("web-primary")).toBe("example.com/web:v1");
    await waitFor(async () => isAtRest(await read("web")));
    await stop();
  });

  test("serves for itself again when its Canary is deleted", async () => {
    const stop = await initialized({ revertOnDeletion: true });
    await lab().client.delete(canaries, { namespace, name });
    await waitFor(async () => (await lab().client.tryGet(canaries, { namespace, name })) === undefined, {
      timeoutMs: 20_000,
    });
    expect(isAtRest(await read("web"))).toBe(false);
    await stop();
  });
});

function fail(message: string): never {
  throw new Error(message);
}
