import type { Canary, CanaryStatus, FeatureFlag } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import { kinds } from "../kinds.ts";
import type { AdminHarness } from "./admin-harness.ts";

/** A canary in the middle of its second run. */
export const progressing: CanaryStatus = {
  phase: "Progressing",
  canaryWeight: 20,
  failedChecks: 1,
  iterations: 0,
  run: 2,
  check: 4,
  targetRevision: "rev-2",
  lastAppliedSpec: "rev-2",
  conditions: [{ type: "Promoted", status: "Unknown", reason: "Progressing" }],
};

/** A Canary in the namespace `shop`. */
export async function makeCanary(admin: AdminHarness, name: string, status?: CanaryStatus): Promise<Canary> {
  await admin.sim.apply({
    apiVersion: "flagger.app/v1beta1",
    kind: "Canary",
    metadata: { name, namespace: "shop" },
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service: { port: 80 },
      analysis: { interval: "10s", threshold: 3, maxWeight: 50, stepWeight: 10 },
    },
  });
  const canary = await admin.client.get(kinds.canaries, { namespace: "shop", name });
  return status === undefined ? canary : admin.client.replaceStatus(kinds.canaries, { ...canary, status });
}

type Flags = NonNullable<NonNullable<FeatureFlag["spec"]>["flagSpec"]>["flags"];

/** A boolean flag that is off for everybody. */
export const offFlag: Flags[string] = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

/** A FeatureFlag in the namespace `shop`. */
export async function makeFlags(admin: AdminHarness, name: string, flags: Flags): Promise<void> {
  await admin.sim.apply({
    apiVersion: "core.openfeature.dev/v1beta1",
    kind: "FeatureFlag",
    metadata: { name, namespace: "shop" },
    spec: { flagSpec: { flags } },
  });
}

/** The canary `web` in its second run, and the flag `fast` of the FeatureFlag `app`. */
export async function makeWebAndFast(admin: AdminHarness): Promise<void> {
  await makeCanary(admin, "web", progressing);
  await makeFlags(admin, "app", { fast: offFlag });
}

/** `FEATUREFLAG/KEY VARIANT for TARGET by OWNER#RUN` of each override, sorted. */
export async function overridesIn(client: KubeClient): Promise<string[]> {
  const { items } = await client.list(kinds.flagOverrides, { namespace: "shop" });
  return items
    .map(
      ({ spec }) =>
        `${spec.flagRef.name}/${spec.flagRef.key} ${spec.rule.variant} for ${spec.rule.target} by ${spec.owner.name}#${spec.owner.run}`,
    )
    .sort();
}
