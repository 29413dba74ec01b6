import { expect, test } from "vitest";
import { routerFor } from "../routers/index.ts";
import { podinfoCanary } from "../testing/manifests.ts";
import { canaryOf } from "../testing/objects.ts";
import { withLab } from "../testing/with-lab.ts";
import { flagOverrides } from "./flag-resources.ts";
import { flagRouter } from "./flag-router.ts";

const flags = [{ name: "is-for-canary", variant: "yes" }];
const lab = withLab();
const namespace = "test";

test("is what provider flag names", () => {
  expect(routerFor("flag")).toBe(flagRouter);
});

test.each([
  ["no flag", {}, "spec.analysis.flags"],
  ["two flags", { flags: [...flags, { name: "other", variant: "yes" }] }, "spec.analysis.flags"],
  ["matches", { flags, match: [{ headers: { a: { exact: "b" } } }] }, "spec.analysis.match"],
  ["mirrors", { flags, mirror: true }, "spec.analysis.mirror"],
  ["cookies", { flags, sessionAffinity: { cookieName: "c" } }, "spec.analysis.sessionAffinity"],
])("refuses %s", (_what, analysis, path) => {
  expect(flagRouter.check(canaryOf({}, analysis)).map((problem) => problem.path)).toEqual([path]);
});

test("makes, steps, mends and finds again the share of the keys, and writes over nothing that moved on", async () => {
  const it = lab();
  const { client, sim } = it;
  await sim.apply(podinfoCanary({ flags }, { provider: "flag" }));
  const context = {
    client,
    canary: await it.canary(),
    label: undefined,
    cookies: {},
    intervalMs: 1000,
  };
  const observe = () => flagRouter.observe(context);
  await expect(observe()).rejects.toThrow('spec.analysis.flags[0].name is "is-for-canary", expected a flag of a');
  await sim.apply({
    apiVersion: "core.openfeature.dev/v1beta1",
    kind: "FeatureFlag",
    metadata: { name: "worker-flags", namespace },
    spec: {
      flagSpec: {
        flags: { "is-for-canary": { state: "ENABLED", variants: { yes: true, no: false }, defaultVariant: "no" } },
      },
    },
  });
  expect((await observe()).seen.state).toBe("missing");
  await flagRouter.reconcile(context, await observe());
  expect((await observe()).seen).toEqual({ state: "ok", primary: 100, canary: 0, mirrored: false, drifted: false });
  const old = await observe();
  await flagRouter.setRoutes(context, old, { primary: 95, canary: 5, mirror: false });
  expect((await observe()).seen).toMatchObject({ primary: 95, canary: 5, drifted: false });
  await expect(flagRouter.setRoutes(context, old, { primary: 50, canary: 50, mirror: false })).rejects.toMatchObject({
    code: "conflict",
  });
  const [override] = (await client.list(flagOverrides, { namespace })).items;
  expect(override?.spec.rule).toEqual({ variant: "yes", target: "fractional", weight: 5 });
  expect(override?.metadata.ownerReferences).toMatchObject([{ kind: "Canary", name: "podinfo", controller: true }]);
  const ref = { namespace, name: override?.metadata.name ?? "" };
  await client.patch(flagOverrides, ref, { spec: { rule: { variant: "no" } } }, { type: "merge" });
  expect((await observe()).seen).toMatchObject({ canary: 5, drifted: true });
  await flagRouter.reconcile(context, await observe());
  expect((await observe()).seen).toMatchObject({ canary: 5, drifted: false });
});
