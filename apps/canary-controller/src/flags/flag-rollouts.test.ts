// FlagRollouts with a real controller on a simulated API: the same engine, gates, checks and events as canaries.
import type { FlagRollout, FlagRolloutSpec } from "@burgee/contracts/crd";
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { shopFlags } from "../testing/flags.ts";
import { namespace, type RolloutLab } from "../testing/rollout-lab.ts";
import { withLab } from "../testing/with-lab.ts";
import { featureFlags, flagOverrides } from "./flag-resources.ts";
import { flagRollouts } from "./flag-rollout-resource.ts";

const lab = withLab();
const name = "checkout";
const ref = { namespace, name };
const featureFlag = (defaultVariant: string) => shopFlags({ variants: { on: 1, off: 0, gold: 2 }, defaultVariant });
const metrics = [{ name: "errors", query: "up", thresholdRange: { max: 1 } }];
const rollout = (spec: Partial<FlagRolloutSpec> = {}) => ({
  apiVersion: "burgee.dev/v1alpha1",
  kind: "FlagRollout",
  metadata: { name, namespace },
  spec: {
    flagRef: { name: "shop-flags", key: "checkout" },
    variant: "on",
    analysis: { interval: "100ms", threshold: 1, stepWeights: [5, 50, 100], metrics },
    ...spec,
  },
});

const read = (of: RolloutLab): Promise<FlagRollout> => of.client.get(flagRollouts, ref);
async function rules({ client }: RolloutLab) {
  const { items } = await client.list(flagOverrides, { namespace });
  return items
    .map(({ spec: { rule } }) =>
      [rule.variant, rule.target, ...(rule.weight === undefined ? [] : [rule.weight])].join(" "),
    )
    .sort();
}
async function phase(of: RolloutLab, wanted: string, isIt = (_: FlagRollout) => true): Promise<FlagRollout> {
  let seen: FlagRollout | undefined;
  await waitFor(
    async () => {
      seen = await read(of);
      return seen.status?.phase === wanted && isIt(seen);
    },
    { timeoutMs: 15_000, describe: () => ({ wanted, status: seen?.status }) },
  );
  if (seen === undefined) throw new Error("no rollout");
  return seen;
}

test("a variant whose checks pass is ramped up to everybody, and stays until the FeatureFlag says so itself", async () => {
  const it = lab();
  await it.sim.apply(featureFlag("off"), rollout());
  const judgedAt: [number, string[]][] = [];
  it.judge(async (request) => {
    judgedAt.push([request.weight, await rules(it)]);
    return "pass" as const;
  });
  await it.startController();
  const { status } = await phase(it, "Succeeded");
  expect(judgedAt.map(([weight]) => weight)).toEqual([0, 5, 50, 100].slice(-judgedAt.length));
  for (const [weight, laid] of judgedAt) expect(laid).toEqual([`on fractional ${weight}`]);
  expect(await rules(it)).toEqual(["on all", "on fractional 0"]);
  expect(status).toMatchObject({ canaryWeight: 0, flags: [{ name: "checkout", variant: "on", stage: "all" }] });
  expect(status?.conditions?.[0]).toMatchObject({ type: "Promoted", status: "True", reason: "Succeeded" });
  const { items } = await it.client.list(resources.events, { namespace });
  expect(items.filter((e) => e.involvedObject.kind === "FlagRollout").map((e) => e.message)).toContain(
    "Advance checkout.test canary weight 5",
  );
  expect(await it.timeline()).toEqual(
    expect.arrayContaining([
      "New revision detected! Ramping up checkout.test",
      "Advance checkout.test canary weight 5",
      "Advance checkout.test canary weight 50",
      "Switching flag checkout to on for all",
      "Promotion completed! checkout.test",
    ]),
  );
  await it.sim.apply(featureFlag("on"));
  await waitFor(async () => (await rules(it)).join() === "on fractional 0", {
    timeoutMs: 10_000,
    describe: () => rules(it),
  });
});

test("a variant whose check fails is withdrawn at once; an earlier one stays for all", async () => {
  const it = lab();
  await it.sim.apply(featureFlag("off"), rollout());
  await it.startController();
  await phase(it, "Succeeded");
  it.judge(({ weight }) => (weight === 50 ? "fail" : "pass"));
  await it.client.patch(flagRollouts, ref, { spec: { variant: "gold" } }, { type: "merge" });
  const { status } = await phase(it, "Failed");
  expect(await rules(it)).toEqual(["gold fractional 0", "on all"]);
  expect(status).toMatchObject({ canaryWeight: 0, flags: [{ name: "checkout", variant: "on", stage: "all" }] });
  expect(status?.conditions?.[0]).toMatchObject({
    type: "Promoted",
    status: "False",
    message: expect.stringContaining("withdrawn"),
  });
  expect(await it.alerts()).toContain("Failed checks threshold reached 1");
  // The same variant is not tried again, another one is.
  it.judge(() => "pass");
  await it.client.patch(flagRollouts, ref, { spec: { variant: "off" } }, { type: "merge" });
  await phase(it, "Succeeded", ({ status: now }) => now?.run === 3);
  await waitFor(async () => (await rules(it)).join() === "off fractional 0", {
    timeoutMs: 10_000,
    describe: () => rules(it),
  });
});

test("a person's promotion by annotation, a deletion, and a flag that is not there", async () => {
  const it = lab();
  await it.sim.apply(rollout());
  it.judge(() => "silent");
  await it.startController();
  const missing = 'spec.flagRef.name is "shop-flags", expected a FeatureFlag in namespace test';
  await phase(it, "Initializing", ({ status }) => status?.hold?.message.includes(missing) === true);
  await it.sim.apply(featureFlag("off"));
  const { status } = await phase(it, "Progressing");
  const action = JSON.stringify({
    id: "a1",
    action: "promote",
    run: status?.run,
    revision: status?.targetRevision,
    actor: "jane",
    at: new Date().toISOString(),
  });
  await it.client.patch(
    flagRollouts,
    ref,
    { metadata: { annotations: { "burgee.dev/action": action } } },
    { type: "merge" },
  );
  const promoted = await phase(it, "Succeeded");
  expect(promoted.metadata.annotations?.["burgee.dev/action"]).toBeUndefined();
  expect(promoted.status?.lastAction).toMatchObject({ id: "a1", actor: "jane", outcome: "accepted" });
  expect(await rules(it)).toEqual(["on all", "on fractional 0"]);
  await it.client.delete(flagRollouts, ref);
  await waitFor(async () => (await rules(it)).length === 0, { timeoutMs: 10_000, describe: () => rules(it) });
  expect((await it.client.get(featureFlags, { namespace, name: "shop-flags" })).spec?.flagSpec?.flags).toMatchObject({
    checkout: { defaultVariant: "off" },
  });
});

test("what is wrong with the spec is a condition that names the field", async () => {
  const it = lab();
  await it.sim.apply(featureFlag("off"), rollout({ analysis: { interval: "1s", stepWeight: 200 } }));
  await it.startController();
  await waitFor(
    async () => {
      const condition = (await read(it)).status?.conditions?.find((c) => c.type === "InvalidSpec");
      return condition?.message?.includes("spec.analysis.stepWeight is 200, expected a whole number 0–100") === true;
    },
    { timeoutMs: 10_000, describe: () => read(it) },
  );
});
