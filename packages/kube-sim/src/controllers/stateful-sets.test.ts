import { describe, expect, it } from "vitest";
import { at, objectAt, objectsAt } from "../api/json.ts";
import { mergePatchType } from "../testing/api.ts";
import { simulated } from "../testing/suite.ts";

const { sim, api } = await simulated({ gateway: false, gatewayApi: false, kubelet: { readyAfterMs: 20 } });

const sets = "/apis/apps/v1/namespaces/default/statefulsets";
const waiting = { timeout: 10_000, interval: 15 };

function stateful(name: string, o: { image?: string; replicas?: number; spec?: object; held?: boolean } = {}) {
  const { image = "db:1", replicas = 3, spec = {}, held = false } = o;
  const annotations = held ? { "sim.burgee.dev/never-ready": "true" } : {};
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name }, annotations },
        spec: { containers: [{ name: "db", image }], terminationGracePeriodSeconds: 1 },
      },
      ...spec,
    },
  };
}

const status = async (name: string) => objectAt(await api.call("GET", `${sets}/${name}`), "status");
const podsOf = async (name: string) =>
  objectsAt(await api.call("GET", `/api/v1/namespaces/default/pods?labelSelector=app%3D${name}`), "items");
const images = async (name: string) =>
  (await podsOf(name)).map((pod) => `${at(pod, "metadata", "name")} ${at(pod, "spec", "containers", 0, "image")}`);
const ready = (name: string, count: number) =>
  expect.poll(() => status(name), waiting).toMatchObject({ replicas: count, readyReplicas: count });

/** Names of pods in the order in which they came or went. */
async function order(name: string, type: string, act: () => Promise<unknown>, done: () => Promise<unknown>) {
  const watch = await api.watch(`/api/v1/namespaces/default/pods?watch=true&labelSelector=app%3D${name}`);
  const seen: unknown[] = [];
  const reading = (async () => {
    for (let event = await watch.next(); event; event = await watch.next())
      if (event.type === type) seen.push(at(event.object, "metadata", "name"));
  })();
  await act();
  await done();
  watch.stop();
  await reading;
  return seen;
}

describe("a StatefulSet", () => {
  it("starts its pods in order, each with its name, host name and claim", async () => {
    const volumeClaimTemplates = [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ];
    const made = await order(
      "db",
      "ADDED",
      () => sim.apply(stateful("db", { spec: { volumeClaimTemplates } })),
      () => ready("db", 3),
    );
    expect(made).toEqual(["db-0", "db-1", "db-2"]);
    const [first] = await podsOf("db");
    expect(first).toMatchObject({
      metadata: { labels: { "statefulset.kubernetes.io/pod-name": "db-0", "apps.kubernetes.io/pod-index": "0" } },
      spec: {
        hostname: "db-0",
        subdomain: "db",
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data-db-0" } }],
      },
    });
    const claims = await api.call("GET", "/api/v1/namespaces/default/persistentvolumeclaims");
    expect(objectsAt(claims, "items").map((claim) => at(claim, "metadata", "name"))).toEqual([
      "data-db-0",
      "data-db-1",
      "data-db-2",
    ]);
  });

  it("replaces its pods from the last to the first and reports the revision when all are there", async () => {
    const before = await status("db");
    expect(before.currentRevision).toBe(before.updateRevision);
    const gone = await order(
      "db",
      "DELETED",
      () =>
        api.call(
          "PATCH",
          `${sets}/db`,
          [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "db:2" }],
          "application/json-patch+json",
        ),
      async () => {
        await expect.poll(async () => (await status("db")).currentRevision, waiting).not.toBe(before.currentRevision);
      },
    );
    expect(gone).toEqual(["db-2", "db-1", "db-0"]);
    const after = await status("db");
    expect(after).toMatchObject({ currentReplicas: 3, updatedReplicas: 3, currentRevision: after.updateRevision });
    expect(await images("db")).toEqual(["db-0 db:2", "db-1 db:2", "db-2 db:2"]);
  });

  it("goes from the highest ordinal when it shrinks, and keeps the claims", async () => {
    const gone = await order(
      "db",
      "DELETED",
      () => api.call("PATCH", `${sets}/db/scale`, { spec: { replicas: 1 } }, mergePatchType),
      () => ready("db", 1),
    );
    expect(gone).toEqual(["db-2", "db-1"]);
    const claims = await api.call("GET", "/api/v1/namespaces/default/persistentvolumeclaims");
    expect(objectsAt(claims, "items")).toHaveLength(3);
  });

  it("waits for a pod that is not ready before it makes the next, unless all may come at once", async () => {
    await sim.apply(stateful("held", { held: true }));
    await sim.apply(stateful("crowd", { held: true, spec: { podManagementPolicy: "Parallel" } }));
    await expect.poll(async () => (await podsOf("crowd")).length, waiting).toBe(3);
    expect(await podsOf("held")).toHaveLength(1);
  });

  it("leaves pods below the partition on the old revision, also those that it makes anew", async () => {
    const partition = (value: number) => ({
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: value } },
    });
    await sim.apply(stateful("part", { spec: partition(2) }));
    await ready("part", 3);
    await sim.apply(stateful("part", { image: "db:2", spec: partition(2) }));
    await expect.poll(() => images("part"), waiting).toEqual(["part-0 db:1", "part-1 db:1", "part-2 db:2"]);
    await api.call("DELETE", "/api/v1/namespaces/default/pods/part-0");
    await expect
      .poll(() => status("part"), waiting)
      .toMatchObject({ readyReplicas: 3, currentReplicas: 2, updatedReplicas: 1 });
    expect(await images("part")).toContain("part-0 db:1");
    await sim.apply(stateful("part", { image: "db:2", spec: partition(0) }));
    await expect.poll(() => images("part"), waiting).toEqual(["part-0 db:2", "part-1 db:2", "part-2 db:2"]);
  });

  it("with OnDelete replaces only what somebody deletes", async () => {
    const spec = { updateStrategy: { type: "OnDelete" } };
    await sim.apply(stateful("manual", { replicas: 2, spec }));
    await ready("manual", 2);
    await sim.apply(stateful("manual", { replicas: 2, image: "db:2", spec }));
    await api.call("DELETE", "/api/v1/namespaces/default/pods/manual-0");
    await expect.poll(() => images("manual"), waiting).toEqual(["manual-0 db:2", "manual-1 db:1"]);
  });

  it("keeps its templates as numbered revisions and takes the old one up again", async () => {
    const revisions = async () => {
      const list = await api.call("GET", "/apis/apps/v1/controllerrevisions?labelSelector=app%3Ddb");
      return objectsAt(list, "items")
        .map((one) => [at(one, "revision"), at(one, "data", "spec", "template", "spec", "containers", 0, "image")])
        .sort();
    };
    expect(await revisions()).toEqual([
      [1, "db:1"],
      [2, "db:2"],
    ]);
    const image = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "db:1" }];
    await api.call("PATCH", `${sets}/db`, image, "application/json-patch+json");
    await expect.poll(() => images("db"), waiting).toEqual(["db-0 db:1"]);
    expect(await revisions()).toEqual([
      [2, "db:2"],
      [3, "db:1"],
    ]);
  });
});
