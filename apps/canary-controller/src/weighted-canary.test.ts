import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { neverReady, podinfoCanary } from "./testing/manifests.ts";
import { namespace, type RolloutLab } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const image = async (lab: RolloutLab, of: string) => (await lab.deployment(of)).spec.template.spec.containers[0]?.image;
const weights = async (lab: RolloutLab) => (await lab.route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight);

describe("a weighted canary by Gateway API", () => {
  const lab = withLab();

  test("is promoted step by step and ends with all traffic on the primary", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    expect((await lab().deployment("podinfo")).spec.replicas).toBe(0);

    await lab().release("v2");
    const { status } = await lab().phase("Succeeded");

    expect(await image(lab(), "podinfo-primary")).toBe("example.com/podinfo:v2");
    expect(await weights(lab())).toEqual([100, 0]);
    expect((await lab().deployment("podinfo")).spec.replicas).toBe(0);
    expect(status).toMatchObject({ canaryWeight: 0, run: 1, lastPass: { run: 1, revision: status?.lastPromotedSpec } });
    expect(lab().requests.map((request) => request.weight)).toEqual([25, 50]);
    await waitFor(async () => (await lab().timeline()).at(-1)?.startsWith("Promotion completed!"));
    const story = (await lab().timeline()).filter((text) => !text.includes("not ready"));
    expect(story).toEqual([
      "Initialization done! podinfo.test",
      "New revision detected! Scaling up podinfo.test",
      "Starting canary analysis for podinfo.test",
      "Advance podinfo.test canary weight 25",
      "Advance podinfo.test canary weight 50",
      "Copying podinfo.test template spec to podinfo-primary.test",
      "Routing all traffic to primary",
      "Promotion completed! Scaling down podinfo.test",
    ]);
    expect(await lab().alerts()).toEqual([
      "New Deployment detected, initialization completed.",
      "New revision detected, progressing canary analysis.",
      "Canary analysis completed successfully, promotion finished.",
    ]);
    await waitFor(async () => (await lab().events()).includes("Normal Promotion completed! Scaling down podinfo.test"));
    await waitFor(async () => (await lab().canary()).status?.announcements === undefined);
  });

  test("is rolled back when its checks fail, and the primary keeps the old version", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge((request) => (request.weight < 50 ? "pass" : "fail"));
    await lab().release("v3");
    const { status } = await lab().phase("Failed");

    expect(await image(lab(), "podinfo-primary")).toBe("example.com/podinfo:v1");
    expect(await weights(lab())).toEqual([100, 0]);
    expect((await lab().deployment("podinfo")).spec.replicas).toBe(0);
    const rate = { name: "request-success-rate", min: 99 };
    const failed = { ...rate, result: "fail", value: 12, message: "Halt podinfo.test advancement success rate fail" };
    expect(status?.canaryAnalysis).toMatchObject([
      { run: 1, check: 1, weight: 25, result: "pass", metrics: [{ ...rate, result: "pass", value: 99.9 }] },
      { run: 1, check: 2, weight: 50, result: "fail", metrics: [failed] },
      { run: 1, check: 3, weight: 50, result: "fail", metrics: [failed] },
    ]);
    await waitFor(async () => (await lab().alerts()).includes("Failed checks threshold reached 2"));
    expect(await lab().timeline()).toContain("Canary failed! Scaling down podinfo.test");
  });

  test("moves nothing while checks are unknown, and goes on when data returns", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "unknown");
    await lab().release("v2");
    await waitFor(() => lab().requests.length >= 3, { timeoutMs: 10_000 });
    const { status } = await lab().canary();
    expect(status).toMatchObject({ phase: "Progressing", canaryWeight: 25, failedChecks: 0 });
    expect(status?.conditions?.find((c) => c.type === "AnalysisUnknown")?.status).toBe("True");
    lab().judge(() => "pass");
    await lab().phase("Succeeded");
  });

  test("starts over with a newer revision, which is the one promoted", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge((request) => (request.weight < 50 ? "pass" : "silent"));
    await lab().release("v2");
    await waitFor(() => lab().requests.some((request) => request.weight === 50), { timeoutMs: 10_000 });
    lab().judge(() => "pass");
    await lab().release("v3");
    const { status } = await lab().phase("Succeeded");
    expect(status?.run).toBe(2);
    expect(await image(lab(), "podinfo-primary")).toBe("example.com/podinfo:v3");
    expect(await lab().timeline()).toContain("New revision detected! Restarting analysis for podinfo.test");
  });

  test("promotes a changed ConfigMap through its -primary copy", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    const copy = { namespace, name: "podinfo-config-primary" };
    expect((await lab().client.get(resources.configMaps, copy)).data).toEqual({ color: "blue" });
    const ref = { namespace, name: "podinfo-config" };
    await lab().client.patch(resources.configMaps, ref, { data: { color: "red" } }, { type: "merge" });
    const { status } = await lab().phase("Succeeded");
    expect(status?.trackedConfigs).toEqual({ "configmap/podinfo-config": "241889ca0604e333" });
    expect((await lab().client.get(resources.configMaps, copy)).data).toEqual({ color: "red" });
  });

  test("keeps users on the target until the primary is ready", async () => {
    await lab().sim.apply(podinfoCanary());
    const ref = { namespace, name: "podinfo" };
    const patch = { spec: { template: { metadata: { annotations: { [neverReady]: "true" } } } } };
    await lab().client.patch(resources.deployments, ref, patch, { type: "merge" });
    await lab().startController();
    await waitFor(async () =>
      (await lab().timeline()).some((text) => text.startsWith("podinfo-primary.test not ready")),
    );
    expect(await lab().client.tryGet(resources.services, ref)).toBeUndefined();
    expect((await lab().deployment("podinfo")).spec.replicas).toBe(2);
  });

  test("at rest asks for nothing but configs, writes nothing and says nothing", async () => {
    await lab().sim.apply(podinfoCanary());
    const controller = await lab().startController();
    await lab().phase("Initialized");
    await waitFor(async () => (await lab().canary()).status?.announcements === undefined);
    const passes = async () =>
      Number(/^burgee_canary_controller_reconcile_seconds_count.* (\d+)$/m.exec(await controller.metrics())?.[1]);
    const after = async (more: number) => {
      const before = await passes();
      await waitFor(async () => (await passes()) > before + more);
    };
    // What the last steps changed comes back by the watches.
    await after(5);
    const { resourceVersion } = (await lab().canary()).metadata;
    const said = controller.log.events.length;
    lab().sim.requests.clear();
    await after(5);
    const asked = lab().sim.requests.log.filter(({ userAgent }) => userAgent.includes("burgee-canary-controller"));
    // Configs are not held in memory: one look at each a pass.
    const others = asked.filter(
      ({ resource, verb }) => resource !== "leases" && `${verb} ${resource}` !== "get configmaps",
    );
    expect(others).toEqual([]);
    expect((await lab().canary()).metadata.resourceVersion).toBe(resourceVersion);
    expect(controller.log.events.slice(said)).toEqual([]);
  });

  test("leaves everything but the replicas of the target to its owner", async () => {
    await lab().sim.apply(podinfoCanary());
    const before = await lab().deployment("podinfo");
    await lab().startController();
    await lab().phase("Initialized");
    const after = await lab().deployment("podinfo");
    expect({ ...after.spec, replicas: 2 }).toEqual(before.spec);
    expect(after.metadata.annotations).toEqual(before.metadata.annotations);
  });
});
