import { createKubeClient, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { customDefinition } from "../../testing/custom-definition.ts";
import { customWorkloadDefinitions } from "../../testing/custom-workloads.ts";
import { podTargets } from "../../testing/targets.ts";
import { findScalable } from "./find-scalable.ts";

let sim: KubeSim;
let client: KubeClient;
beforeAll(async () => {
  sim = await startKubeSim({ controllers: false, kubelet: false, gateway: false, gatewayApi: false });
  const still = { group: "example.com", version: "v1", kind: "Statue", plural: "statues" };
  await sim.apply(...customWorkloadDefinitions, customDefinition(still));
  client = createKubeClient({ server: sim.url, log: captureLogger("test").log });
});
afterEach(() => sim.faults.clear());
afterAll(async () => {
  await client.close();
  await sim.stop();
});
const find = (kind: string, apiVersion = "example.com/v1") => findScalable(client, { apiVersion, kind });
const definitions = { resource: "customresourcedefinitions" };

test("the replicas are where the definition says", async () => {
  const { resource, replicasPath } = podTargets.Fleet;
  expect(await find("Fleet")).toEqual({ resource, replicasPath });
});

test("the replicas are spec.replicas where the definition may not be read", async () => {
  sim.faults.add({ match: definitions, action: { status: 403, reason: "Forbidden" } });
  const { resource } = podTargets.CloneSet;
  expect(await find("CloneSet", "apps.kruise.io/v1alpha1")).toEqual({ resource, replicasPath: ["replicas"] });
});

test("nothing is guessed while the API fails", async () => {
  sim.faults.add({ match: definitions, action: { status: 500 } });
  await expect(find("Rollout", "argoproj.io/v1alpha1")).rejects.toMatchObject({ code: "server_error" });
});

test.each([
  ["Statue", "Statue of example.com/v1 has no scale subresource"],
  ["Flotilla", "the API serves no kind Flotilla of example.com/v1"],
])("a %s is refused", async (kind, sentence) => {
  expect(await find(kind)).toBe(sentence);
});
