import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

describe("blue/green with plain Kubernetes Services", () => {
  const lab = withLab();
  const blueGreen = (extra: object = {}) =>
    podinfoCanary(
      { iterations: 3, stepWeight: 0, maxWeight: 0, ...extra },
      { provider: "kubernetes", service: { port: 80, targetPort: 9898 } },
    );

  test("is promoted after its iterations, the apex Service on the primary throughout", async () => {
    await lab().sim.apply(blueGreen());
    await lab().startController();
    await lab().phase("Initialized");
    const apex = await lab().client.get(resources.services, { namespace, name });
    expect(apex.spec.selector).toEqual({ app: "podinfo-primary" });
    expect(apex.spec.ports?.[0]).toMatchObject({ name: "http", port: 80, targetPort: 9898 });
    expect(apex.metadata.annotations).toMatchObject({ "kustomize.toolkit.fluxcd.io/reconcile": "disabled" });
    const canary = await lab().client.get(resources.services, { namespace, name: "podinfo-canary" });
    expect(canary.spec.selector).toEqual({ app: "podinfo" });

    await lab().release("v2");
    await lab().phase("Succeeded");
    const primary = await lab().deployment("podinfo-primary");
    expect(primary.spec.template.spec.containers[0]?.image).toBe("example.com/podinfo:v2");
    expect(primary.spec.template.spec.containers[0]?.env).toContainEqual({
      name: "BURGEE_RELEASE_ROLE",
      value: "primary",
    });
    await waitFor(async () => (await lab().timeline()).includes("Advance podinfo.test canary iteration 3/3"));
  });

  test("is rolled back when the canary fails its checks", async () => {
    await lab().sim.apply(blueGreen());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "fail");
    await lab().release("v3");
    await lab().phase("Failed");
    const primary = await lab().deployment("podinfo-primary");
    expect(primary.spec.template.spec.containers[0]?.image).toBe("example.com/podinfo:v1");
  });

  test("mends Services that somebody changed", async () => {
    await lab().sim.apply(blueGreen());
    await lab().startController();
    await lab().phase("Initialized");
    const broken = { spec: { selector: { app: "somebody-else" } } };
    await lab().client.patch(resources.services, { namespace, name }, broken, { type: "merge" });
    await waitFor(async () => {
      const apex = await lab().client.get(resources.services, { namespace, name });
      return apex.spec.selector?.app === "podinfo-primary";
    });
  });

  test("takes over a Service that a user made, without owning it, and gives it back on deletion", async () => {
    await lab().sim.apply({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, labels: { team: "web" } },
      spec: { type: "ClusterIP", selector: { app: "podinfo" }, ports: [{ name: "http", port: 80, targetPort: 9898 }] },
    });
    await lab().sim.apply({ ...blueGreen(), spec: specOf(blueGreen(), { revertOnDeletion: true }) });
    await lab().startController();
    await lab().phase("Initialized");
    const taken = await lab().client.get(resources.services, { namespace, name });
    expect(taken.metadata.ownerReferences).toBeUndefined();
    expect(taken.metadata.labels).toEqual({ team: "web" });
    expect(taken.spec.selector).toEqual({ app: "podinfo-primary" });

    const canary = await lab().canary();
    expect(canary.metadata.finalizers).toEqual(["finalizer.flagger.app"]);
    await lab().client.delete(canaries, canary.metadata);
    await waitFor(async () => {
      const apex = await lab().client.get(resources.services, { namespace, name });
      return apex.spec.selector?.app === "podinfo" && (await lab().deployment(name)).spec.replicas === 2;
    });
    await waitFor(gone, { timeoutMs: 10_000 });
    async function gone(): Promise<boolean> {
      const { items } = await lab().client.list(canaries);
      return items.length === 0;
    }
  });
});

function specOf(canary: object, extra: object): object {
  return "spec" in canary && typeof canary.spec === "object" ? { ...canary.spec, ...extra } : extra;
}
