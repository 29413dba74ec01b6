// analysis.flags with a real controller on a simulated API: who is served what, from the first step to the last.
import type { FlagOverride } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { canaries } from "../canary-resource.ts";
import { checkoutOn, shopFlags } from "../testing/flags.ts";
import { podinfoCanary } from "../testing/manifests.ts";
import { name, namespace, type RolloutLab } from "../testing/rollout-lab.ts";
import { withLab } from "../testing/with-lab.ts";
import { featureFlags, flagOverrides } from "./flag-resources.ts";

const lab = withLab();
const flags = checkoutOn;

async function overrides({ client }: RolloutLab): Promise<FlagOverride[]> {
  return (await client.list(flagOverrides, { namespace })).items;
}
const rules = async (of: RolloutLab) => (await overrides(of)).map(({ spec }) => spec.rule);
const untilRules = (of: RolloutLab, wanted: object[]) =>
  waitFor(async () => JSON.stringify(await rules(of)) === JSON.stringify(wanted), {
    timeoutMs: 10_000,
    describe: async () => ({ wanted, rules: await rules(of), status: (await of.canary()).status }),
  });

test("a promoted release takes its flag along, and gives it to the FeatureFlag when that says so itself", async () => {
  const it = lab();
  await it.sim.apply(shopFlags(), podinfoCanary({ flags }));
  await it.startController();
  await it.phase("Initialized");
  expect(await overrides(it)).toEqual([]);
  const onWhenJudged: unknown[] = [];
  it.judge(async () => {
    onWhenJudged.push(await rules(it));
    return "pass" as const;
  });
  await it.release("v2");
  const promoted = await it.phase("Succeeded");
  expect(new Set(onWhenJudged.map((seen) => JSON.stringify(seen)))).toEqual(
    new Set([JSON.stringify([{ variant: "on", target: "canary" }])]),
  );
  expect(promoted.status?.flags).toEqual([{ name: "checkout", variant: "on", stage: "all" }]);
  const [override] = await overrides(it);
  expect(override?.spec).toMatchObject({
    flagRef: { name: "shop-flags", key: "checkout" },
    owner: { kind: "Canary", name, namespace, uid: promoted.metadata.uid, run: 1 },
    rule: { variant: "on", target: "all" },
  });
  expect(override?.metadata.ownerReferences).toMatchObject([{ kind: "Canary", name }]);
  // Somebody deletes it: it is made again.
  await it.client.delete(flagOverrides, { namespace, name: override?.metadata.name ?? "" });
  await untilRules(it, [{ variant: "on", target: "all" }]);
  // The user takes over.
  await it.sim.apply(shopFlags({ defaultVariant: "on" }));
  await untilRules(it, []);
  expect((await it.canary()).status?.flags).toBeUndefined();
  expect(await it.timeline()).toEqual(
    expect.arrayContaining([
      "Switching flag checkout to on for the canary only",
      "Switching flag checkout to on for all",
      "Flag checkout is on by its FeatureFlag: the override goes",
    ]),
  );
});

test("a release that is rolled back takes its flag back; what an earlier one switched on stays", async () => {
  const it = lab();
  await it.sim.apply(
    shopFlags({ variants: { on: true, off: false, gold: true } }),
    podinfoCanary({ flags, threshold: 1 }),
  );
  await it.startController();
  await it.phase("Initialized");
  it.judge(() => "fail");
  await it.release("v2");
  await it.phase("Failed");
  expect(await overrides(it)).toEqual([]);
  it.judge(() => "pass");
  await it.release("v3");
  await it.phase("Succeeded");
  const spec = { analysis: { flags: [{ name: "checkout", variant: "gold" }] } };
  await it.client.patch(canaries, { namespace, name }, { spec }, { type: "merge" });
  let onWhenJudged: unknown;
  it.judge(async () => {
    onWhenJudged = await rules(it);
    return "fail" as const;
  });
  await it.release("v4");
  await it.phase("Failed");
  expect(onWhenJudged).toEqual(
    expect.arrayContaining([
      { variant: "on", target: "all" },
      { variant: "gold", target: "canary" },
    ]),
  );
  expect(await rules(it)).toEqual([{ variant: "on", target: "all" }]);
});

test("a run waits for a flag that is not there, says what is wrong, and goes on when it is", async () => {
  const it = lab();
  await it.sim.apply(podinfoCanary({ flags }));
  await it.startController();
  await it.phase("Initialized");
  await it.release("v2");
  const condition = async () =>
    (await it.canary()).status?.conditions?.find((c) => c.type === "FlagMissing" && c.status === "True")?.message;
  const says = (text: string) =>
    waitFor(
      async () => (await condition())?.includes(text) === true && (await it.events()).some((e) => e.includes(text)),
      {
        timeoutMs: 10_000,
        describe: condition,
      },
    );
  await says('spec.analysis.flags[0].name is "checkout", expected a flag of a FeatureFlag in namespace test');
  await it.sim.apply(shopFlags({ variants: { yes: true, off: false } }));
  await says('spec.analysis.flags[0].variant is "on", expected one of: yes, off');
  expect(it.requests).toEqual([]);
  await it.client.patch(
    featureFlags,
    { namespace, name: "shop-flags" },
    { spec: { flagSpec: { flags: { checkout: { variants: { on: true } } } } } },
    { type: "merge" },
  );
  await it.phase("Succeeded");
});

test("a Canary that is deleted takes its overrides along", async () => {
  const it = lab();
  await it.sim.apply(shopFlags(), podinfoCanary({ flags }, { revertOnDeletion: true }));
  await it.startController();
  await it.phase("Initialized");
  it.judge(() => "silent");
  await it.release("v2");
  await untilRules(it, [{ variant: "on", target: "canary" }]);
  await it.client.delete(canaries, { namespace, name });
  await waitFor(async () => (await it.client.tryGet(canaries, { namespace, name })) === undefined, {
    timeoutMs: 10_000,
  });
  expect(await overrides(it)).toEqual([]);
});
