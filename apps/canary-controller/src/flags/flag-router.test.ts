import type { Canary } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import type { FlagSpec } from "@burgee/rollout-engine";
import { describe, expect, test } from "vitest";
import { routerFor } from "../routers/index.ts";
import { podinfoCanary } from "../testing/manifests.ts";
import { canaryOf } from "../testing/objects.ts";
import { withLab } from "../testing/with-lab.ts";
import { flagOverrides } from "./flag-resources.ts";
import { flagRouter } from "./flag-router.ts";

const flags = [{ name: "is-for-canary", variant: "yes" }];
const namespace = "test";
const flag = { state: "ENABLED", variants: { yes: true, no: false }, defaultVariant: "no" };
const half = { primary: 50, canary: 50, mirror: false };
const failing: Canary["status"] = {
  phase: "Progressing",
  failedChecks: 2,
  canaryWeight: 50,
  iterations: 0,
  rollback: { cause: "failed-checks", message: "failed", at: "2026-01-01T00:00:00Z" },
};
const place = (client: KubeClient) => ({ client, label: undefined, cookies: {}, intervalMs: 1000 });
const featureFlag = (keys: object) => ({
  apiVersion: "core.openfeature.dev/v1beta1",
  kind: "FeatureFlag",
  metadata: { name: "worker-flags", namespace },
  spec: { flagSpec: { flags: keys } },
});
const keysOverridden = async (client: KubeClient) =>
  (await client.list(flagOverrides, { namespace })).items.map(({ spec }) => spec.flagRef.key);

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

describe("in a cluster", () => {
  const lab = withLab();

  test("makes, steps and finds again the share of the keys, takes another variant for a new one, and writes over nothing that moved on", async () => {
    const it = lab();
    const { client, sim } = it;
    await sim.apply(podinfoCanary({ flags }, { provider: "flag" }));
    const context = { ...place(client), canary: await it.canary() };
    const observe = () => flagRouter.observe(context);
    expect((await observe()).seen).toMatchObject({
      state: "error",
      message: 'spec.analysis.flags[0].name is "is-for-canary", expected a flag of a FeatureFlag in namespace test',
      hint: expect.stringContaining("create what is missing"),
    });
    await sim.apply(featureFlag({ "is-for-canary": flag }));
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
    expect((await observe()).seen).toMatchObject({ canary: 0, drifted: false });
  });

  test("another flag begins with nobody, and the one before is left alone from then on", async () => {
    const { client, sim, canary } = lab();
    const keys = Object.fromEntries(["old", "new"].map((key) => [key, { ...flag, variants: { yes: true } }]));
    await sim.apply(podinfoCanary({ flags }, { provider: "flag" }), featureFlag(keys));
    const made = await canary();
    const about = (name: string, other: Partial<FlagSpec> = {}) => {
      const of: FlagSpec[] = [{ name, variant: "yes", ...other }];
      return { ...place(client), canary: { ...made, spec: { ...made.spec, analysis: { flags: of } } } };
    };
    await flagRouter.reconcile(about("old"), await flagRouter.observe(about("old")));
    await flagRouter.setRoutes(about("old"), await flagRouter.observe(about("old")), half);
    expect((await flagRouter.observe(about("new"))).seen).toMatchObject({ state: "ok", canary: 50, drifted: true });
    await flagRouter.reconcile(about("new"), await flagRouter.observe(about("new")));
    expect((await flagRouter.observe(about("new"))).seen).toMatchObject({ state: "ok", canary: 0, drifted: false });
    expect(await keysOverridden(client)).toEqual(["new"]);
    // The same key of another FeatureFlag is another flag.
    await flagRouter.setRoutes(about("new"), await flagRouter.observe(about("new")), half);
    const moved = about("new", { featureFlag: "other-flags" });
    await flagRouter.reconcile(moved, await flagRouter.observe(moved));
    expect((await flagRouter.observe(moved)).seen).toMatchObject({ state: "ok", canary: 0, drifted: false });
    // Also when there is no such flag: what led to the canary goes first.
    const missing = about("missing");
    await expect(flagRouter.setRoutes(missing, await flagRouter.observe(missing), half)).rejects.toThrow('"missing"');
    expect(await keysOverridden(client)).toEqual([]);
    const rolledBack = { ...missing, canary: { ...missing.canary, status: failing } };
    expect((await flagRouter.observe(rolledBack)).seen.state).toBe("missing");
  });
});
