import type { ConfigMap, KubeClient, KubeObject, ObjectRef, Resource } from "@burgee/kube";
import { createKubeClient, resources } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CachedKind, type CachedReader, createCachedReader } from "./cached-reader.ts";

describe("a cached reader", () => {
  let sim: KubeSim;
  let client: KubeClient;
  let cache: Map<string, KubeObject>;
  let up: boolean;
  let reader: CachedReader;
  const ref = { namespace: "default", name: "colors" };
  beforeAll(async () => {
    sim = await startKubeSim({ controllers: false, kubelet: false, gateway: false });
    client = createKubeClient({ server: sim.url, log: captureLogger().log, userAgent: "reader-test" });
    await client.create(resources.configMaps, { metadata: ref, data: { color: "red" } });
  });
  afterAll(async () => {
    await client.close();
    await sim.stop();
  });
  beforeEach(async () => {
    up = true;
    const stored = await client.get(resources.configMaps, ref);
    cache = new Map([["default/colors", stored]]);
    const kind: CachedKind = {
      state: () => (up ? "up" : "down"),
      settled: async () => undefined,
      get: <T extends KubeObject>(_r: Resource<T>, namespace: string, name: string) => {
        const isHeld = (object: KubeObject | undefined): object is T => object !== undefined;
        const held = cache.get(`${namespace}/${name}`);
        return isHeld(held) ? held : undefined;
      },
    };
    reader = createCachedReader(client, (r) => (r.plural === "configmaps" ? kind : undefined));
    sim.requests.clear();
  });
  const read = (of: Required<ObjectRef> = ref): Promise<ConfigMap | undefined> =>
    reader.tryGet(resources.configMaps, of);
  const asked = () => sim.requests.log.filter((request) => request.userAgent.includes("reader-test")).length;

  test("asks nobody while the cache is current", async () => {
    expect((await read())?.data).toEqual({ color: "red" });
    expect(await read({ namespace: "default", name: "none" })).toBeUndefined();
    expect(asked()).toBe(0);
  });
  test("asks the API until the cache has seen our own write", async () => {
    const written = await client.patch(
      resources.configMaps,
      ref,
      { data: { shade: String(Math.random()) } },
      { type: "merge" },
    );
    reader.wrote(resources.configMaps, written);
    sim.requests.clear();
    expect((await read())?.metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    expect(asked()).toBe(1);
    cache.set("default/colors", written);
    await read();
    await read();
    expect(asked()).toBe(1);
  });
  test("asks the API once about what another process may have written", async () => {
    reader.distrust(resources.configMaps, ref);
    await read();
    await read();
    expect(asked()).toBe(1);
  });
  test("never goes back to what the cache showed before the API said something newer", async () => {
    const patch = { data: { shade: String(Math.random()) } };
    const written = await client.patch(resources.configMaps, ref, patch, { type: "merge" });
    reader.distrust(resources.configMaps, ref);
    for (let pass = 0; pass < 2; pass++) {
      expect((await read())?.metadata.resourceVersion).toBe(written.metadata.resourceVersion);
    }
  });
  test("does not believe the cache in an object that the API says is gone", async () => {
    const ghost = { namespace: "default", name: "ghost" };
    cache.set("default/ghost", { metadata: { ...ghost, resourceVersion: "1" } });
    reader.distrust(resources.configMaps, ghost);
    expect(await read(ghost)).toBeUndefined();
    expect(await read(ghost)).toBeUndefined();
    cache.delete("default/ghost");
    await read(ghost);
    const before = asked();
    await read(ghost);
    expect(asked()).toBe(before);
  });
  test("asks the API while the watch is down, and about kinds without one", async () => {
    up = false;
    await read();
    await reader.tryGet(resources.secrets, ref);
    expect(asked()).toBe(2);
  });
});
