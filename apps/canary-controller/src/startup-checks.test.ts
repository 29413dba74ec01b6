import { fileURLToPath } from "node:url";
import { createKubeClient, type KubeClient, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refusals } from "./startup-checks.ts";

const crds = fileURLToPath(new URL("../../../deploy/crds", import.meta.url));
const renewed = "2026-01-01T00:00:00.000000Z";
const now = Date.parse(renewed) + 10_000;

describe("before the first write", () => {
  let sim: KubeSim;
  let client: KubeClient;
  beforeAll(async () => {
    sim = await startKubeSim({ crds: [crds], controllers: false, kubelet: false, gateway: false });
    client = createKubeClient({ server: sim.url, log: captureLogger().log });
  });
  afterAll(async () => {
    await client.close();
    await sim.stop();
  });
  const reasons = async (at = now) =>
    (await refusals(client, { namespace: "", leaderElectionNamespace: "kube-system", now: at })).map((r) => r.reason);

  test("a cluster with our CRDs and nobody else is a go", async () => {
    expect(await reasons()).toEqual([]);
  });

  test("a leader lease that upstream holds forbids acting until it runs out", async () => {
    const lease = {
      metadata: { name: "flagger-leader-election", namespace: "kube-system" },
      spec: { holderIdentity: "flagger_1", leaseDurationSeconds: 60, renewTime: renewed },
    };
    const { metadata } = await client.create(resources.leases, lease);
    expect(await reasons()).toEqual([
      "Lease kube-system/flagger-leader-election is held by upstream Flagger (flagger_1), expected it to be stopped",
    ]);
    expect(await reasons(now + 60_000)).toEqual([]);
    await client.delete(resources.leases, metadata);
  });

  test.each([
    ["ghcr.io/fluxcd/flagger:1.44.0", 1, true],
    ["weaveworks/flagger@sha256:abc", 1, true],
    ["ghcr.io/fluxcd/flagger:1.44.0", 0, false],
    ["ghcr.io/fluxcd/flagger-loadtester:0.34.0", 1, false],
    ["example.com/our-flagger:1", 1, false],
  ])("image %s with %i replicas forbids acting: %s", async (image, replicas, forbids) => {
    const { metadata } = await client.create(resources.deployments, {
      metadata: { name: "flagger", namespace: "default" },
      spec: {
        replicas,
        selector: { matchLabels: { app: "flagger" } },
        template: { metadata: { labels: { app: "flagger" } }, spec: { containers: [{ name: "flagger", image }] } },
      },
    });
    expect((await reasons()).length > 0).toBe(forbids);
    await client.delete(resources.deployments, metadata);
  });

  test("missing CRDs forbid acting, a missing right to look does not", async () => {
    const fault = sim.faults.add({ match: { resource: "customresourcedefinitions" }, action: { status: 403 } });
    expect(await reasons()).toEqual([]);
    fault.remove();
    await client.delete(resources.customResourceDefinitions, { name: "canaries.flagger.app" });
    expect(await reasons()).toEqual([
      "CustomResourceDefinition canaries.flagger.app is missing, expected the one in deploy/crds",
    ]);
  });
});
