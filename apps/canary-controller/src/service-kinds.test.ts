// Whole rollouts of targets that have no pods of their own: Services and Knative Services.
import type { CanarySpec } from "@burgee/contracts/crd";
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { knativeDefinitions, startKnative } from "./testing/knative.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";
import { knativeServices } from "./workloads/knative/objects.ts";

const ref = { namespace, name };

describe("a Service as target", () => {
  const lab = withLab();
  const service = (of: string) => lab().client.get(resources.services, { namespace, name: of });
  const release = (externalName: string) =>
    lab().client.patch(resources.services, ref, { spec: { externalName } }, { type: "merge" });

  async function initialized(): Promise<void> {
    await lab().sim.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { ...ref, labels: { team: "web" } },
      spec: { type: "ExternalName", externalName: "one.example.com" },
    });
    const targetRef = { apiVersion: "v1", kind: "Service", name };
    await lab().sim.apply(podinfoCanary({}, { targetRef }));
    await lab().startController();
    await lab().phase("Initialized");
  }

  test("is promoted: the canary's copy follows it at once, the primary's when it has passed", async () => {
    await initialized();
    expect((await service("podinfo-primary")).spec.externalName).toBe("one.example.com");
    lab().judge((request) => (request.weight < 50 ? "pass" : "silent"));
    await release("two.example.com");
    const last = await waitFor(() => lab().requests.find((request) => request.weight === 50), { timeoutMs: 10_000 });
    expect((await service("podinfo-canary")).spec.externalName).toBe("two.example.com");
    expect((await service("podinfo-primary")).spec.externalName).toBe("one.example.com");
    lab().judge(() => "pass");
    await lab().answer(last, "pass");
    await lab().phase("Succeeded");
    const primary = await service("podinfo-primary");
    expect(primary.spec.externalName).toBe("two.example.com");
    expect(primary.metadata.ownerReferences).toMatchObject([{ kind: "Canary", name, controller: true }]);
    expect((await service(name)).metadata.ownerReferences).toBeUndefined();
  });

  test("is rolled back: the primary's copy stays as it was", async () => {
    await initialized();
    lab().judge(() => "fail");
    await release("bad.example.com");
    await lab().phase("Failed");
    expect((await service("podinfo-primary")).spec.externalName).toBe("one.example.com");
    expect((await lab().route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([100, 0]);
  });
});

describe("a Knative Service as target", () => {
  const lab = withLab();
  const knativeService = () => lab().client.get(knativeServices, ref);
  const traffic = async () => (await knativeService()).spec.traffic;
  const primaryRevision = async () => (await knativeService()).metadata.annotations?.["flagger.app/primary-revision"];
  const release = (image: string) => {
    const spec = { template: { spec: { containers: [{ image }] } } };
    return lab().client.patch(knativeServices, ref, { spec }, { type: "merge" });
  };

  async function initialized(o: object = {}): Promise<() => Promise<void>> {
    await lab().sim.apply(...knativeDefinitions, {
      apiVersion: "serving.knative.dev/v1",
      kind: "Service",
      metadata: ref,
      spec: { template: { spec: { containers: [{ image: "example.com/web:v1" }] } } },
    });
    const stop = startKnative(lab().client);
    const targetRef = { apiVersion: "serving.knative.dev/v1", kind: "Service", name };
    await lab().sim.apply(podinfoCanary({}, { targetRef, provider: "knative", ...o }));
    await lab().startController();
    await lab().phase("Initialized");
    return stop;
  }

  test("is promoted: the latest revision gets its share, and then is the primary's", async () => {
    const stop = await initialized();
    expect(await primaryRevision()).toBe("podinfo-00001");
    expect(await traffic()).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: "podinfo-00001", percent: 100 },
    ]);
    lab().judge((request) => (request.weight < 50 ? "pass" : "silent"));
    await release("example.com/web:v2");
    const last = await waitFor(() => lab().requests.find((request) => request.weight === 50), { timeoutMs: 10_000 });
    expect(await traffic()).toEqual([
      { latestRevision: true, percent: 50 },
      { revisionName: "podinfo-00001", percent: 50 },
    ]);
    lab().judge(() => "pass");
    await lab().answer(last, "pass");
    await lab().phase("Succeeded");
    expect(await primaryRevision()).toBe("podinfo-00002");
    expect(await traffic()).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: "podinfo-00002", percent: 100 },
    ]);
    await stop();
  });

  test("is rolled back: the revision before serves everything again", async () => {
    const stop = await initialized();
    lab().judge(() => "fail");
    await release("example.com/web:v2");
    await lab().phase("Failed");
    expect(await primaryRevision()).toBe("podinfo-00001");
    expect(await traffic()).toEqual([
      { latestRevision: true, percent: 0 },
      { revisionName: "podinfo-00001", percent: 100 },
    ]);
    await stop();
  });

  test("keeps its traffic and loses our annotations when its Canary is deleted", async () => {
    const stop = await initialized({ revertOnDeletion: true });
    await lab().client.delete(canaries, ref);
    await waitFor(async () => (await lab().client.tryGet(canaries, ref)) === undefined);
    expect(Object.keys((await knativeService()).metadata.annotations ?? {})).toEqual([]);
    expect(await traffic()).toHaveLength(2);
    await stop();
  });

  const refused: [Partial<CanarySpec>, string][] = [
    [
      { provider: "gatewayapi:v1" },
      'spec.provider is "gatewayapi:v1", expected knative, for a Knative Service as target',
    ],
    [
      { autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name } },
      'spec.autoscalerRef is "podinfo", expected none: Knative scales its revisions itself',
    ],
  ];
  test.each(refused)("is refused with %o", async (spec, says) => {
    const targetRef = { apiVersion: "serving.knative.dev/v1", kind: "Service", name };
    await lab().sim.apply(podinfoCanary({}, { targetRef, provider: "knative", ...spec }));
    await lab().startController();
    await waitFor(async () => (await lab().canary()).status?.conditions?.some(({ message }) => message === says), {
      describe: lab().events,
    });
  });
});
