// What becomes of autoscalers in a rollout.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { scaledObject } from "./scalers/scaled-object.ts";
import { customDefinition } from "./testing/custom-definition.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const { resource: scaledObjects } = scaledObject;
const ref = { namespace, name };
const primaryRef = { namespace, name: `${name}-primary` };

describe("a ScaledObject", () => {
  const lab = withLab();
  const paused = async () =>
    (await lab().client.get(scaledObjects, ref)).metadata.annotations?.["autoscaling.keda.sh/paused-replicas"];

  async function initialized(): Promise<void> {
    await lab().sim.apply(customDefinition(scaledObjects), {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: ref,
      spec: { scaleTargetRef: { name }, minReplicaCount: 2, maxReplicaCount: 4, triggers: [{ type: "cpu" }] },
    });
    const autoscalerRef = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", name } as const;
    await lab().sim.apply(podinfoCanary({}, { autoscalerRef }));
    await lab().startController();
    await lab().phase("Initialized");
  }

  test("is paused while the canary rests, let go for a run, and paused after it", async () => {
    await initialized();
    expect(await paused()).toBe("0");
    const primary = await lab().client.get(scaledObjects, primaryRef);
    expect(primary.metadata.annotations ?? {}).not.toHaveProperty("autoscaling.keda.sh/paused-replicas");
    expect(primary.spec).toMatchObject({ scaleTargetRef: { name: "podinfo-primary" }, minReplicaCount: 2 });
    lab().judge(() => "silent");
    await lab().release("v2");
    const request = await waitFor(() => lab().requests[0], { timeoutMs: 10_000 });
    expect(await paused()).toBeUndefined();
    expect((await lab().deployment(name)).spec.replicas).toBe(2);
    lab().judge(() => "pass");
    await lab().answer(request, "pass");
    await lab().phase("Succeeded");
    expect(await paused()).toBe("0");
  });

  test("of the primary is made again without the pause of the target's", async () => {
    await initialized();
    await lab().client.delete(scaledObjects, primaryRef);
    const again = await waitFor(() => lab().client.tryGet(scaledObjects, primaryRef), { timeoutMs: 10_000 });
    expect(again?.metadata.annotations ?? {}).not.toHaveProperty("autoscaling.keda.sh/paused-replicas");
  });
});

describe("a HorizontalPodAutoscaler", () => {
  const lab = withLab();
  const primary = async () => (await lab().client.get(resources.horizontalPodAutoscalers, primaryRef)).spec;
  const resize = (maxReplicas: number) =>
    lab().client.patch(resources.horizontalPodAutoscalers, ref, { spec: { maxReplicas } }, { type: "merge" });

  test("reaches the primary's without a rollout, and so does primaryScalerReplicas, but not within a run", async () => {
    await lab().sim.apply({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: ref,
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name }, minReplicas: 1, maxReplicas: 3 },
    });
    const autoscalerRef = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name } as const;
    await lab().sim.apply(podinfoCanary({}, { autoscalerRef }));
    await lab().startController();
    await lab().phase("Initialized");
    expect(await primary()).toMatchObject({ maxReplicas: 3 });
    await resize(5);
    await waitFor(async () => (await primary()).maxReplicas === 5);
    const primaryScalerReplicas = { minReplicas: 2, maxReplicas: 7 };
    await lab().client.patch(canaries, ref, { spec: { autoscalerRef: { primaryScalerReplicas } } }, { type: "merge" });
    await waitFor(async () => (await primary()).maxReplicas === 7);
    expect((await lab().canary()).status?.run ?? 0).toBe(0);
    const spec = { autoscalerRef: { primaryScalerReplicas: null } };
    lab().judge(() => "silent");
    await lab().release("v2");
    const request = await waitFor(() => lab().requests[0], { timeoutMs: 10_000 });
    await lab().client.patch(canaries, ref, { spec }, { type: "merge" });
    await waitFor(async () => (await lab().canary()).status?.observedGeneration === 3);
    expect((await primary()).maxReplicas).toBe(7);
    lab().judge(() => "pass");
    await lab().answer(request, "pass");
    await lab().phase("Succeeded");
    await waitFor(async () => (await primary()).maxReplicas === 5);
  });
});
