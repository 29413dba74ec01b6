// What may become of a flag in the middle of a run: the run stops where it is and says why, goes on when that is over, and can always be taken back.
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, type KubeObject, type Resource, resources } from "@burgee/kube";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { expect, test } from "vitest";
import { canaries } from "../canary-resource.ts";
import { checkoutOn, shopFlags } from "../testing/flags.ts";
import { podinfoCanary } from "../testing/manifests.ts";
import { name, namespace, type RolloutLab } from "../testing/rollout-lab.ts";
import { withLab } from "../testing/with-lab.ts";
import { featureFlags, flagOverrides } from "./flag-resources.ts";
import { flagRollouts } from "./flag-rollout-resource.ts";

type Release = KubeObject & Pick<Canary, "status">;

const lab = withLab();
const steps = { stepWeight: 10, maxWeight: 40, threshold: 2, interval: "100ms" };
const metrics = [{ name: "errors", query: "up", thresholdRange: { max: 1 } }];
const featureFlag = shopFlags({ variants: { on: true, off: false, gold: true } });
const flagRollout = (of: string, variant = "on") => ({
  apiVersion: "burgee.dev/v1alpha1",
  kind: "FlagRollout",
  metadata: { name: of, namespace },
  spec: { flagRef: { name: "shop-flags", key: "checkout" }, variant, analysis: { ...steps, metrics } },
});

/** Makes the object and begins a run. */
const carriers: Record<string, { kind: Resource<Release>; begin(it: RolloutLab): Promise<unknown>; field: string }> = {
  "a flag that goes with a release": {
    kind: canaries,
    field: "spec.analysis.flags[0]",
    begin: (it) => release(it, podinfoCanary({ ...steps, flags: checkoutOn })),
  },
  "a flag that is the route": {
    kind: canaries,
    field: "spec.analysis.flags[0]",
    begin: (it) => release(it, podinfoCanary({ ...steps, flags: checkoutOn }, { provider: "flag" })),
  },
  "a flag that is released": {
    kind: flagRollouts,
    field: "spec",
    begin: (it) => it.sim.apply(flagRollout(name)),
  },
};

async function release(it: RolloutLab, canary: object): Promise<void> {
  await it.sim.apply(canary);
  await it.phase("Initialized");
  await it.release("v2");
}

function watcher(it: RolloutLab, kind: Resource<Release>, of = name) {
  const read = async () => (await it.client.get(kind, { namespace, name: of })).status;
  let last: Release["status"];
  return {
    read,
    until: (what: string, is: (status: Release["status"]) => boolean) =>
      waitFor(
        async () => {
          last = await read();
          return is(last);
        },
        { timeoutMs: 15_000, describe: () => ({ of, what, status: last }) },
      ),
  };
}

/** Waits until the controller has looked at it so many times more. */
async function severalLooks(it: RolloutLab): Promise<void> {
  const looks = () => it.sim.requests.log.filter(({ resource }) => resource === "flagoverrides").length;
  const before = looks();
  await waitFor(() => looks() > before + 6, { timeoutMs: 10_000, describe: looks });
}

/** The check at this weight was asked for, is answered, and may be asked for later if it was not yet. */
async function passes(it: RolloutLab, weight: number): Promise<void> {
  const asked = it.requests.findLast((request) => request.weight === weight);
  if (asked === undefined) it.judge((request) => (request.weight === weight ? "pass" : "silent"));
  else await it.answer(asked, "pass");
}

const changeFlag = (it: RolloutLab, flag: object) =>
  it.client.patch(
    featureFlags,
    { namespace, name: "shop-flags" },
    { spec: { flagSpec: { flags: { checkout: flag } } } },
    { type: "merge" },
  );

test.each(Object.entries(carriers))("%s", async (_what, { kind, begin, field }) => {
  const it = lab();
  await it.sim.apply(featureFlag);
  it.judge(() => "silent");
  await it.startController();
  await begin(it);
  const run = watcher(it, kind);
  await run.until("the first step", (status) => (status?.canaryWeight ?? 0) > 0);

  const obstacles: [says: string, () => Promise<unknown>, repair?: () => Promise<unknown>][] = [
    [
      `${field}.variant is "on", expected one of: off, gold`,
      () => changeFlag(it, { variants: { on: null } }),
      () => changeFlag(it, { variants: { on: true } }),
    ],
    [
      "is DISABLED, expected ENABLED",
      () => changeFlag(it, { state: "DISABLED" }),
      () => changeFlag(it, { state: "ENABLED" }),
    ],
    ["expected a", () => it.client.delete(featureFlags, { namespace, name: "shop-flags" })],
  ];
  for (const [says, obstruct, repair] of obstacles) {
    const weight = (await run.read())?.canaryWeight ?? 0;
    const laid = await it.client.list(flagOverrides, { namespace });
    await obstruct();
    await run.until(says, (status) => status?.hold?.message.includes(says) === true && status.hold.hint !== undefined);
    await passes(it, weight);
    await severalLooks(it);
    expect((await run.read())?.canaryWeight).toBe(weight);
    expect((await it.client.list(flagOverrides, { namespace })).items).toEqual(laid.items);
    const { items } = await it.client.list(resources.events, { namespace });
    expect(items.some(({ type, message }) => type === "Warning" && message?.includes(says) === true)).toBe(true);
    await repair?.();
    if (repair !== undefined) await run.until("the next step", (status) => (status?.canaryWeight ?? 0) > weight);
  }
  const { run: number, targetRevision: revision } = (await run.read()) ?? {};
  const action = { id: "a1", action: "rollback", run: number, revision, actor: "jane", at: new Date().toISOString() };
  const annotations = { "burgee.dev/action": JSON.stringify(action) };
  await it.client.patch(kind, { namespace, name }, { metadata: { annotations } }, { type: "merge" });
  await run.until("the rollback", (status) => status?.phase === "Failed");
  const rules = (await it.client.list(flagOverrides, { namespace })).items.map(({ spec }) => spec.rule);
  expect(rules.every(({ target, weight: share }) => target === "fractional" && share === 0)).toBe(true);
});

test("two rollouts of one flag take turns", async () => {
  const it = lab();
  await it.sim.apply(featureFlag, flagRollout("first"));
  it.judge(() => "silent");
  await it.startController();
  const [first, second] = [watcher(it, flagRollouts, "first"), watcher(it, flagRollouts, "second")];
  await first.until("the first step", (status) => status?.canaryWeight === 10);
  await it.sim.apply(flagRollout("second", "gold"));
  const says = "flag checkout of FeatureFlag shop-flags is in a rollout of FlagRollout first.test";
  await second.until(says, (status) => status?.hold?.message.includes(says) === true);
  expect((await second.read())?.canaryWeight).toBe(0);
  it.judge(() => "pass");
  for (const request of it.requests) await it.answer(request, "pass");
  await first.until("the end", (status) => status?.phase === "Succeeded");
  await second.until("the end", (status) => status?.phase === "Succeeded");
});

test("another variant in the middle of a run begins with nobody", async () => {
  const it = lab();
  await it.sim.apply(featureFlag, flagRollout(name));
  it.judge(({ weight }) => (weight < 40 ? "pass" : "silent"));
  await it.startController();
  const run = watcher(it, flagRollouts);
  await run.until("the last step", (status) => status?.canaryWeight === 40);
  const shares: string[] = [];
  const watch = createInformer(it.client, flagOverrides, { namespace, log: captureLogger().log });
  watch.on(({ object: { spec } }) => shares.push(`${spec.rule.variant} ${spec.rule.weight ?? spec.rule.target}`));
  const stop = new AbortController();
  watch.start(stop.signal);
  await watch.synced;
  it.judge(() => "silent");
  await it.client.patch(flagRollouts, { namespace, name }, { spec: { variant: "gold" } }, { type: "merge" });
  await run.until("the new run", (status) => status?.run === 2 && status.canaryWeight === 10);
  await waitFor(() => shares.at(-1) === "gold 10", { timeoutMs: 10_000, describe: () => shares });
  expect(shares).toEqual(["on 40", "gold 0", "gold 10"]);
  stop.abort();
  await watch.stop();
});
