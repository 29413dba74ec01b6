// One flag, one release at a time: two that show different variants to a part of the users would judge each other's.
import type { FlagOverride } from "@burgee/contracts/crd";
import type { KubeClient } from "@burgee/kube";
import type { CanaryStatus, FlagProblem } from "@burgee/rollout-engine";
import { flagOverrides } from "./flag-resources.ts";
import type { OverrideOwner, WantedOverride } from "./owned-overrides.ts";

/**
 * The release that has the flag, if that is another one. The older override wins; one that shows nothing to anybody yet, or something to
 * everybody, is nobody's rival, nor are canaries with the same variant. Rejects with KubeError.
 */
export async function rivalRelease(
  client: KubeClient,
  o: { owner: OverrideOwner; wanted: WantedOverride },
): Promise<FlagProblem | undefined> {
  const { owner, wanted } = o;
  const { items } = await client.list(flagOverrides, { namespace: owner.namespace });
  const active = items.filter((item) => isOf(item, wanted.flagRef) && isTrial(item)).toSorted(byAge);
  const isOwn = ({ spec }: FlagOverride) => spec.owner.uid === owner.object.metadata.uid;
  const rival = active.find((item) => isOwn(item) || !agrees(item, wanted.rule));
  if (rival === undefined || isOwn(rival)) return undefined;
  const { kind, name, namespace } = rival.spec.owner;
  const { name: featureFlag, key } = wanted.flagRef;
  return {
    name: key,
    reason: "InUse",
    message: `flag ${key} of FeatureFlag ${featureFlag} is in a rollout of ${kind} ${name}.${namespace}, expected one release of a flag at a time`,
    hint: `this one goes on when ${kind} ${name} has ended`,
  };
}

/** True while a flag is being shown to a part of the users, or is about to be. */
export function isInRun(status: Pick<CanaryStatus, "phase"> | undefined): boolean {
  return status?.phase === "Progressing" || status?.phase === "WaitingPromotion";
}

function isOf({ spec }: FlagOverride, flagRef: WantedOverride["flagRef"]): boolean {
  return spec.flagRef.name === flagRef.name && spec.flagRef.key === flagRef.key;
}

/** Shown to a part of those who ask. */
function isTrial({ metadata, spec: { rule } }: FlagOverride): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return rule.target === "canary" || (rule.target === "fractional" && (rule.weight ?? 0) > 0);
}

function agrees({ spec }: FlagOverride, rule: WantedOverride["rule"]): boolean {
  return spec.rule.target === "canary" && rule.target === "canary" && spec.rule.variant === rule.variant;
}

function byAge({ metadata: a }: FlagOverride, { metadata: b }: FlagOverride): number {
  return (a.creationTimestamp ?? "").localeCompare(b.creationTimestamp ?? "") || a.name.localeCompare(b.name);
}
