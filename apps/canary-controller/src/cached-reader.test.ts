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
    const isHeld = <T extends KubeObject>(object: KubeObject | undefined): object is T => object !== undefined;
    const narrow = <T extends KubeObject>(_r: Resource<T>, object: KubeObject | undefined): T | undefined =>
      isHeld<T>(object) ? object : undefined;
    const kind: CachedKind = {
      tells: true,
      state: () => (up ? "up" : "down"),
      settled: async () => undefined,
      get: (r, namespace, name) => narrow(r, cache.get(`${namespace}/${name}`)),
      narrow,
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
  test("shows our own write until the cache shows it, and nothing older", async () => {
    const written = await client.patch(
      resources.configMaps,
      ref,
      { data: { shade: String(Math.random()) } },
      { type: "merge" },
    );
    reader.wrote(resources.configMaps, written);
    sim.requests.clear();
    expect(await read()).toBe(written);
    const older = { ...written, metadata: { ...written.metadata, resourceVersion: "1" } };
    expect(reader.heard(resources.configMaps, older), "older than our write").toBe(true);
    expect(await read()).toBe(written);
    const shown = { ...written };
    cache.set("default/colors", shown);
    expect(reader.heard(resources.configMaps, shown), "our write").toBe(true);
    expect(await read()).toBe(shown);
    expect(asked()).toBe(0);
    expect(reader.heard(resources.configMaps, shown), "known to be shown, a later event is news").toBe(false);
  });
  test("asks the API about what we made until the cache shows it", async () => {
    cache.clear();
    reader.wrote(resources.configMaps, await client.get(resources.configMaps, ref));
    sim.requests.clear();
    expect((await read())?.data).toMatchObject({ color: "red" });
    expect(asked()).toBe(1);
  });
  test("tells a pass what it has to look at again by itself", async () => {
    let unheard = 0;
    const concerns = new Set(["default/colors"]);
    const pass = reader.forPass(concerns, () => {
      unheard += 1;
    });
    await pass.tryGet(resources.configMaps, ref);
    expect(unheard, "watched").toBe(0);
    await pass.tryGet(resources.configMaps, { namespace: "default", name: "none" });
    expect(unheard, "watched, but nobody is told").toBe(1);
    up = false;
    await pass.tryGet(resources.configMaps, ref);
    expect(unheard, "the watch is down").toBe(2);
    await pass.tryGet(resources.secrets, ref);
    expect(unheard, "not watched").toBe(3);
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
