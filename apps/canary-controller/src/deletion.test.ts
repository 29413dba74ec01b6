// A deleted Canary with revertOnDeletion goes away and leaves a workload that serves, whatever its spec says by then.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const mistakes: Record<string, object> = {
  "an unknown provider": { provider: "nginx" },
  "a router that lacks its reference": { service: { gatewayRefs: null } },
  "a target of another kind": { targetRef: { kind: "Job" } },
  "no step": { analysis: { stepWeight: 0 } },
};

describe("a deleted Canary with revertOnDeletion", () => {
  const lab = withLab();

  test.each(Object.entries(mistakes))("goes away although its spec has %s", async (_what, spec) => {
    await lab().sim.apply(podinfoCanary({}, { revertOnDeletion: true }));
    await lab().startController();
    await lab().phase("Initialized");
    const { client } = lab();
    await client.patch(canaries, { namespace, name }, { spec }, { type: "merge" });
    await waitFor(async () => {
      const { status } = await lab().canary();
      return status?.conditions?.some((c) => c.type === "InvalidSpec" && c.status === "True");
    });
    await client.delete(canaries, { namespace, name });
    await waitFor(async () => (await client.tryGet(canaries, { namespace, name })) === undefined);
    expect((await lab().deployment(name)).spec.replicas).toBe(2);
    const told = await lab().timeline();
    expect(told.filter((text) => text.startsWith("Terminat"))).toEqual([
      `Terminating canary ${name}.${namespace}`,
      `Terminated canary ${name}.${namespace}`,
    ]);
    await waitFor(async () => (await client.tryGet(resources.services, { namespace, name })) === undefined);
  });

  test("leaves the target scaled up although it refers to a config that does not exist", async () => {
    await lab().sim.apply(podinfoCanary({}, { revertOnDeletion: true }));
    await lab().startController();
    await lab().phase("Initialized");
    const { client } = lab();
    await client.delete(resources.configMaps, { namespace, name: "podinfo-config" });
    await client.delete(canaries, { namespace, name });
    await waitFor(async () => (await client.tryGet(canaries, { namespace, name })) === undefined);
    expect((await lab().deployment(name)).spec.replicas).toBe(2);
  });
});
