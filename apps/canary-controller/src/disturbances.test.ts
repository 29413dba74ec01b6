// What goes wrong around a rollout must not change how it ends.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { podinfoCanary } from "./testing/manifests.ts";
import { namespace, type RolloutLab } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const controllerCalls = { userAgent: "burgee-canary-controller" };

describe("a rollout under disturbance", () => {
  const lab = withLab();

  /** Starts controllers one after the other, each stopped after so many of its writes, until the phase is reached. */
  async function withRestarts(phase: "Succeeded" | "Failed", writesPerLife: readonly number[]): Promise<void> {
    for (const writes of writesPerLife) {
      const before = controllerWrites(lab());
      const controller = await lab().startController();
      await waitFor(
        async () => controllerWrites(lab()) - before >= writes || (await lab().canary()).status?.phase === phase,
        { timeoutMs: 10_000, describe: () => controllerWrites(lab()) - before },
      );
      await controller.stop();
    }
    await lab().startController();
    await lab().phase(phase);
  }

  test("ends promoted when the controller is stopped again and again", async () => {
    await lab().sim.apply(podinfoCanary());
    const first = await lab().startController();
    await lab().phase("Initialized");
    await first.stop();
    await lab().release("v2");
    await withRestarts("Succeeded", [3, 1, 4, 1, 5]);
    await expectPromoted(lab());
  });

  test("ends promoted when watches break and old versions are gone", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().sim.faults.closeWatches();
    await lab().release("v2");
    await lab().phase("Progressing");
    lab().sim.faults.expireResourceVersions();
    await lab().phase("Succeeded");
    await expectPromoted(lab());
  });

  test("ignores verdicts for another check, another revision or another analysis", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "silent");
    await lab().release("v2");
    const request = await waitFor(() => lab().requests[0]);
    lab().judge(() => "pass");
    for (const wrong of [
      { ...request, revision: "t1-other" },
      { ...request, specHash: "other" },
      { ...request, check: request.check && { ...request.check, check: 99n } },
    ]) {
      await lab().answer(wrong, "pass");
    }
    await lab().answer(request, "fail");
    await waitFor(async () => (await lab().canary()).status?.failedChecks === 1);
  });

  test("only the holder of the shard acts, and another takes over when it stops", async () => {
    await lab().sim.apply(podinfoCanary());
    const first = await lab().startController();
    await lab().phase("Initialized");
    const second = await lab().startController();
    await lab().release("v2");
    await lab().phase("Progressing");
    expect(second.log.events.some((event) => event.msg.startsWith("Advance"))).toBe(false);
    await first.stop();
    await lab().phase("Succeeded");
    await expectPromoted(lab());
  });
});

function controllerWrites(lab: RolloutLab): number {
  const verbs = ["create", "update", "patch", "delete"];
  return lab.sim.requests.log.filter(
    (request) =>
      request.userAgent.includes(controllerCalls.userAgent) &&
      verbs.includes(request.verb) &&
      request.resource !== "leases" &&
      request.resource !== "events",
  ).length;
}

async function expectPromoted(lab: RolloutLab): Promise<void> {
  const { status } = await lab.canary();
  const primary = await lab.deployment("podinfo-primary");
  expect(primary.spec.template.spec.containers[0]?.image).toBe("example.com/podinfo:v2");
  expect((await lab.route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([100, 0]);
  expect((await lab.deployment("podinfo")).spec.replicas).toBe(0);
  expect(status).toMatchObject({ phase: "Succeeded", canaryWeight: 0, run: 1, lastPass: { run: 1 } });
  await waitFor(async () => (await lab.canary()).status?.announcements === undefined);
  const story = await lab.timeline();
  expect(story.filter((text) => text.startsWith("Promotion completed!"))).toHaveLength(1);
  expect(story.filter((text) => text === "Advance podinfo.test canary weight 50")).toHaveLength(1);
  const { items } = await lab.client.list(resources.deployments, { namespace });
  expect(items.map((d) => d.metadata.name).sort()).toEqual(["podinfo", "podinfo-primary"]);
}
