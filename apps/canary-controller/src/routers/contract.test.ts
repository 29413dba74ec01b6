// What every router does, on a simulated API. The objects that it writes are in testdata/routers, whole.
import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "@burgee/kube";
import type { KubeSim } from "@burgee/kube-sim";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { type ProviderName, routers } from "./index.ts";
import { Bench, startRouterApi } from "./testing/bench.ts";
import { cases } from "./testing/cases.ts";
import { type Shape, type ShapeName, shapes } from "./testing/shapes.ts";

const names = Object.keys(cases).filter((name): name is ProviderName => name in routers);
const allShapes = Object.keys(shapes).filter((name): name is ShapeName => name in shapes);
/** Steps in the order in which they were taken, objects with their keys sorted. */
const asYaml = (course: Record<string, object>) =>
  Object.entries(course)
    .map(([step, objects]) =>
      stringify({ [step]: objects }, { lineWidth: 140, aliasDuplicateObjects: false, sortMapEntries: true }),
    )
    .join("");
/** The objects that are not as they were. */
const changes = (before: Record<string, object>, after: Record<string, object>) =>
  Object.fromEntries(Object.entries(after).filter(([path, object]) => !isDeepStrictEqual(object, before[path])));
const half = { primary: 50, canary: 50, mirror: false };

let api: Awaited<ReturnType<typeof startRouterApi>>;
let sim: KubeSim;
let client: KubeClient;
beforeAll(async () => {
  api = await startRouterApi();
  ({ sim, client } = api);
});
afterAll(async () => api.stop());

const writes = () => sim.requests.log.filter(({ verb }) => !["get", "list", "watch"].includes(verb)).length;

describe.each(names)("%s", (name) => {
  const { kinds, without, damage, extras, found } = cases[name];
  const router = routers[name];
  const bench = (shape: Shape) => new Bench({ client, router, kinds, shape });
  const golden = (file: string) => `../../testdata/routers/${name.replace(":", "-")}/${file}.yaml`;
  const has = (shape: ShapeName) => without[shape] === undefined;

  beforeEach(() => sim.requests.clear());
  afterEach(async () => {
    for (const kind of kinds) {
      const { items } = await client.list(kind, { namespace: "test" });
      for (const { metadata } of items) await client.delete(kind, { namespace: "test", name: metadata.name });
    }
  });

  test.each(allShapes.filter(has))("writes %s, reads it back, and then finds nothing to do", async (of) => {
    const shape: Shape = shapes[of];
    const at = bench(shape);
    expect(router.check(at.canary)).toEqual([]);
    expect((await at.observe()).seen.state).toBe("missing");
    await at.reconcile();
    let written = await at.objects();
    const course: Record<string, object> = { created: written };
    for (const split of shape.splits) {
      await at.setRoutes(split);
      const { primary, canary, mirror, mirrorWeight } = split;
      const expected = { state: "ok", primary, canary, mirrored: mirror, drifted: false };
      expect((await at.observe()).seen).toEqual(mirrorWeight === undefined ? expected : { ...expected, mirrorWeight });
      const share = mirrorWeight === undefined ? "" : ` ${mirrorWeight} %`;
      const next = await at.objects();
      course[`${primary} : ${canary}${mirror ? `, mirrored${share}` : ""}`] = changes(written, next);
      written = next;
      const before = writes();
      await at.reconcile();
      await at.setRoutes(split);
      expect(writes()).toBe(before);
    }
    await expect(asYaml(course)).toMatchFileSnapshot(golden(of));
  });

  if (!router.routed) {
    test("asks nothing of the API", async () => {
      const at = bench(shapes.weighted);
      await at.reconcile();
      await at.setRoutes(half);
      await at.finalize();
      expect((await at.observe()).seen).toMatchObject({ state: "ok", primary: 100, canary: 0, drifted: false });
      expect(sim.requests.log).toEqual([]);
    });
    return;
  }

  test.each(Object.entries(damage))("mends %s without touching the split of the others", async (path, patch) => {
    const at = bench(shapes.weighted);
    await at.reconcile();
    await at.setRoutes(half);
    const whole = await at.objects();
    await at.patch({ [path]: patch });
    expect((await at.observe()).seen.drifted).toBe(true);
    await at.reconcile();
    // Rules that name neither side were no split: all goes to the primary until the engine sets its split again.
    if ((await at.observe()).seen.canary !== half.canary) await at.setRoutes(half);
    expect(await at.objects()).toEqual(whole);
  });

  test("makes again what was deleted", async () => {
    const at = bench(shapes.weighted);
    await at.reconcile();
    const whole = await at.objects();
    for (const path of Object.keys(whole)) {
      await at.delete(path);
      const { seen } = await at.observe();
      expect(seen.state === "missing" || seen.drifted).toBe(true);
      await at.reconcile();
      expect(await at.objects()).toEqual(whole);
    }
  });

  test("follows the Canary mid-run and leaves the weights", async () => {
    const at = bench(shapes.weighted);
    await at.reconcile();
    await at.setRoutes(half);
    const service = { port: 8080, gatewayRefs: [{ name: "gateway" }], hosts: ["new.example.com"] };
    at.canary = { ...at.canary, spec: { ...at.canary.spec, service } };
    expect((await at.observe()).seen.drifted).toBe(true);
    await at.reconcile();
    expect((await at.observe()).seen).toMatchObject({ state: "ok", primary: 50, canary: 50, drifted: false });
    expect(JSON.stringify(await at.objects())).toContain("new.example.com");
  });

  test("keeps what others added", async () => {
    const at = bench(shapes.weighted);
    await at.reconcile();
    await at.patch(extras);
    const before = await at.objects();
    expect((await at.observe()).seen.drifted).toBe(false);
    await at.setRoutes(half);
    await at.setRoutes({ primary: 100, canary: 0, mirror: false });
    expect(await at.objects()).toEqual(before);
  });

  test(`takes over what a user made${found.givenBack ? " and gives it back" : ""}`, async () => {
    await sim.apply(...found.objects);
    const at = bench(shapes.weighted);
    const user = await at.objects();
    expect((await at.observe()).seen).toMatchObject({ state: "ok", drifted: true });
    await at.reconcile();
    const taken = await at.objects();
    await at.setRoutes(half);
    await at.setRoutes({ primary: 100, canary: 0, mirror: false });
    expect(await at.objects()).toEqual(taken);
    await at.finalize();
    await at.finalize();
    const left = await at.objects();
    if (!found.givenBack) expect(left).toEqual(taken);
    const course = { found: user, "taken over": changes(user, taken), "given back": changes(taken, left) };
    await expect(asYaml(course)).toMatchFileSnapshot(golden("takeover"));
  });

  test("leaves its own objects to the garbage collector", async () => {
    const at = bench(shapes.weighted);
    await at.finalize();
    await at.reconcile();
    const whole = await at.objects();
    await at.finalize();
    expect(await at.objects()).toEqual(whole);
    for (const object of Object.values(whole)) {
      expect(object).toMatchObject({
        metadata: { ownerReferences: [{ kind: "Canary", name: "app", controller: true }] },
      });
    }
  });

  test("writes nothing over what has changed since it was observed", async () => {
    const at = bench(shapes.weighted);
    await at.reconcile();
    const old = await at.observe();
    await at.setRoutes(half);
    const whole = await at.objects();
    await expect(at.setRoutes({ primary: 0, canary: 100, mirror: false }, old)).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await at.objects()).toEqual(whole);
  });

  test("cannot set routes that are missing, nor act on what another router saw", async () => {
    const at = bench(shapes.weighted);
    await expect(at.setRoutes(half)).rejects.toMatchObject({ code: "not_found" });
    const { seen } = await at.observe();
    await expect(at.setRoutes(half, { seen, objects: "other" })).rejects.toMatchObject({ code: "bad_observation" });
  });
});
