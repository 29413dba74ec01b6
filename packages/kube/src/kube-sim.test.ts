import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KubeClient } from "./client.ts";
import { createKubeClient } from "./create-client.ts";
import { createEventRecorder } from "./event-recorder.ts";
import { createInformer } from "./informer.ts";
import type { HorizontalPodAutoscaler } from "./objects/autoscaling.ts";
import type { ConfigMap } from "./objects/configuration.ts";
import { apiVersionOf, resources } from "./resource.ts";
import { createShardLeases } from "./shard-leases.ts";

const { log } = captureLogger();
let sim: KubeSim;
let client: KubeClient;
beforeAll(async () => {
  sim = await startKubeSim();
  client = createKubeClient({ server: sim.url, log, userAgent: "kube-test" });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
});
afterAll(async () => {
  await client.close();
  await sim.stop();
});

const configMap = (name: string): ConfigMap => ({ metadata: { name, namespace: "shop" }, data: { a: "1" } });
/** A kind that nothing in the simulator writes by itself. */
const autoscaler = (name: string): HorizontalPodAutoscaler => ({
  metadata: { name, namespace: "shop" },
  spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name }, maxReplicas: 2 },
});

/** Makes an object, moves it on once and gives both versions. */
async function movedOn(name: string): Promise<{ stale: HorizontalPodAutoscaler; current: HorizontalPodAutoscaler }> {
  const stale = await client.create(resources.horizontalPodAutoscalers, autoscaler(name));
  const patch = { metadata: { labels: { moved: "on" } } };
  return {
    stale,
    current: await client.patch(resources.horizontalPodAutoscalers, stale.metadata, patch, { type: "merge" }),
  };
}

describe("every write with the version of an object that has moved on is a conflict, and lands with the current one", () => {
  const spec = { maxReplicas: 3 };
  const writes: Record<string, (seen: HorizontalPodAutoscaler) => Promise<unknown>> = {
    replace: (seen) => client.replace(resources.horizontalPodAutoscalers, { ...seen, spec: { ...seen.spec, ...spec } }),
    "replace status": (seen) =>
      client.replaceStatus(resources.horizontalPodAutoscalers, { ...seen, status: { currentReplicas: 1 } }),
    "merge patch": (seen) =>
      client.patch(resources.horizontalPodAutoscalers, seen.metadata, { spec }, { type: "merge", ...versionOf(seen) }),
    "strategic patch": (seen) =>
      client.patch(
        resources.horizontalPodAutoscalers,
        seen.metadata,
        { spec },
        { type: "strategic", ...versionOf(seen) },
      ),
    "json patch": (seen) =>
      client.patch(
        resources.horizontalPodAutoscalers,
        seen.metadata,
        [{ op: "add", path: "/spec/maxReplicas", value: 3 }],
        {
          type: "json",
          ...versionOf(seen),
        },
      ),
    "status patch": (seen) =>
      client.patch(
        resources.horizontalPodAutoscalers,
        seen.metadata,
        { status: { currentReplicas: 2 } },
        {
          type: "merge",
          subresource: "status",
          ...versionOf(seen),
        },
      ),
    "server-side apply": (seen) => {
      const { name, uid = "" } = seen.metadata;
      const metadata = { name, namespace: "shop", uid, ...versionOf(seen) };
      return client.apply(
        resources.horizontalPodAutoscalers,
        { ...autoscaler(name), metadata },
        { fieldManager: "test", force: true },
      );
    },
    delete: (seen) => client.delete(resources.horizontalPodAutoscalers, seen.metadata, versionOf(seen)),
  };
  const versionOf = (seen: HorizontalPodAutoscaler) => ({ resourceVersion: seen.metadata.resourceVersion ?? "" });

  for (const [kind, write] of Object.entries(writes)) {
    test(kind, async () => {
      const { stale, current } = await movedOn(kind.replaceAll(" ", "-"));
      await expect(write(stale)).rejects.toMatchObject({ code: "conflict" });
      await write(current);
    });
  }

  test("server-side apply of an object that was deleted brings nothing back", async () => {
    const { current } = await movedOn("buried");
    const { name, namespace, uid = "" } = current.metadata;
    await client.delete(resources.horizontalPodAutoscalers, current.metadata);
    const metadata = { name, namespace: namespace ?? "", uid, ...versionOf(current) };
    const applied = client.apply(
      resources.horizontalPodAutoscalers,
      { ...autoscaler(name), metadata },
      { fieldManager: "test", force: true },
    );
    await expect(applied).rejects.toMatchObject({ code: "conflict" });
    await expect(client.get(resources.horizontalPodAutoscalers, metadata)).rejects.toMatchObject({ code: "not_found" });
  });

  test("delete with the uid of an earlier object of that name", async () => {
    const { current } = await movedOn("reborn");
    await expect(
      client.delete(resources.horizontalPodAutoscalers, current.metadata, { uid: "earlier" }),
    ).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

test("creating what exists is already_exists, reading what does not is not_found", async () => {
  await client.create(resources.configMaps, configMap("twice"));
  await expect(client.create(resources.configMaps, configMap("twice"))).rejects.toMatchObject({
    code: "already_exists",
  });
  await expect(client.get(resources.configMaps, { name: "never", namespace: "shop" })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("every resource of the table is served", async () => {
  const served = Object.values(resources).filter((r) => r.group !== "gateway.networking.k8s.io");
  for (const r of served) {
    const { status, body } = await client.raw("GET", r.group === "" ? `/api/${r.version}` : `/apis/${apiVersionOf(r)}`);
    expect([r.plural, status]).toEqual([r.plural, 200]);
    const { kind, namespaced } = r;
    expect(body).toMatchObject({
      resources: expect.arrayContaining([expect.objectContaining({ name: r.plural, kind, namespaced })]),
    });
  }
});

test("an informer is right after dropped watches and expired versions", async () => {
  const informer = createInformer(client, resources.configMaps, {
    namespace: "shop",
    labelSelector: "watched",
    log,
    firstDelayMs: 5,
  });
  const told: string[] = [];
  informer.on((e) => told.push(`${e.type} ${e.object.metadata.name}`));
  const labelled = (name: string) => ({
    ...configMap(name),
    metadata: { name, namespace: "shop", labels: { watched: "yes" } },
  });
  await client.create(resources.configMaps, labelled("one"));
  informer.start(new AbortController().signal);
  await informer.synced;
  sim.faults.closeWatches({ resource: "configmaps" });
  await client.create(resources.configMaps, labelled("two"));
  await waitFor(() => told.includes("added two"));
  sim.faults.expireResourceVersions();
  await client.delete(resources.configMaps, { name: "one", namespace: "shop" });
  await waitFor(() => told.includes("deleted one"));
  // An object that loses its label leaves the selection.
  await client.patch(
    resources.configMaps,
    { name: "two", namespace: "shop" },
    { metadata: { labels: { watched: null } } },
    { type: "merge" },
  );
  await waitFor(() => told.includes("deleted two"));
  expect(told).toEqual(["added one", "added two", "deleted one", "deleted two"]);
  await informer.stop();
});

test("shards are shared out and handed over", async () => {
  const start = (identity: string) => {
    const leases = createShardLeases(client, {
      namespace: "shop",
      name: "shard",
      identity,
      shards: 2,
      renewMs: 20,
      log,
    });
    leases.start(new AbortController().signal);
    return leases;
  };
  const [a, b] = [start("a"), start("b")];
  await waitFor(() => a.held().length + b.held().length === 2);
  await a.stop();
  await waitFor(() => b.held().length === 2);
  const lease = await client.get(resources.leases, { namespace: "shop", name: "shard-0" });
  expect(lease.spec?.holderIdentity).toBe("b");
  await b.stop();
});

test("events are written and counted", async () => {
  const recorder = createEventRecorder(client, { component: "kube-test", log });
  const about = await client.create(resources.configMaps, configMap("eventful"));
  for (let i = 0; i < 3; i++) recorder.record(about, { type: "Normal", reason: "Tested", message: "seen" });
  await recorder.flush();
  const { items } = await client.list(resources.events, { namespace: "shop" });
  const events = items.filter((e) => e.involvedObject.uid === about.metadata.uid);
  expect(events).toMatchObject([
    { reason: "Tested", count: 3, involvedObject: { kind: "ConfigMap", name: "eventful" } },
  ]);
});

test("a fault on the way shows as the code it is", async () => {
  const fault = sim.faults.add({ match: { verb: "get", name: "slow" }, action: { status: 503 } });
  await expect(client.get(resources.configMaps, { name: "slow", namespace: "shop" })).rejects.toMatchObject({
    code: "server_error",
    status: 503,
  });
  fault.remove();
});
