// The flags that go with a release, as one pass saw them, and how they are switched.
import type { FlagOverride } from "@burgee/contracts/crd";
import { isKubeError, type KubeClient } from "@burgee/kube";
import type { CanaryStatus, FlagProblem, FlagSpec, FlagsSeen, FlagState, RolloutSpec } from "@burgee/rollout-engine";
import { findFlag, type FlagPaths, servedToAll } from "./find-flag.ts";
import { isInRun, rivalRelease } from "./rival-release.ts";
import {
  deleteOverride,
  findOverride,
  isAsWanted,
  listOverrides,
  type OverrideOwner,
  putOverride,
} from "./owned-overrides.ts";

const part = "flags";

/** What was seen, and the means to change it. */
export interface FlagsInView {
  seen: FlagsSeen;
  /** Makes the overrides serve exactly these. Guarded by the versions seen; rejects with KubeError. */
  reconcile(flags: readonly FlagState[]): Promise<void>;
}

/** Reads flags and overrides; undefined when neither spec nor status names a flag. Rejects with KubeError when the API fails. */
export async function viewFlags(o: {
  client: KubeClient;
  owner: OverrideOwner;
  spec: RolloutSpec;
  status: CanaryStatus | undefined;
}): Promise<FlagsInView | undefined> {
  const named = o.spec.flags ?? [];
  if (named.length === 0 && (o.status?.flags ?? []).length === 0) return undefined;
  try {
    return await readFlags(o, named);
  } catch (error) {
    if (!isKubeError(error, "not_found", "forbidden")) throw error;
    // A cluster without these kinds or rights holds the run; a rollback must work there, too.
    const message = `flags cannot be switched: ${error.message}; apply deploy/crds and the chart's roles`;
    const unresolved = named.map(({ name }) => ({ name, reason: "Missing" as const, message }));
    return { seen: { laid: [], drifted: false, unresolved, serves: {} }, reconcile: async () => undefined };
  }
}

async function readFlags(
  o: { client: KubeClient; owner: OverrideOwner; spec: RolloutSpec; status: CanaryStatus | undefined },
  named: readonly FlagSpec[],
): Promise<FlagsInView> {
  const { client, owner } = o;
  const { namespace } = owner;
  const overrides = await listOverrides(client, owner, part);
  const featureFlagOf = new Map(overrides.map(({ spec: { flagRef } }) => [flagRef.key, flagRef.name]));
  const unresolved: FlagProblem[] = [];
  const serves: Record<string, string> = {};
  for (const [index, flag] of named.entries()) {
    const paths = pathsOf(o.spec, index);
    const found = await findFlag(client, { namespace, flag, paths, known: featureFlagOf.get(flag.name) });
    if ("problem" in found) {
      unresolved.push(found.problem);
      continue;
    }
    featureFlagOf.set(flag.name, found.featureFlag);
    const target = o.spec.rampedFlags === true ? "fractional" : "canary";
    const wanted = {
      flagRef: { name: found.featureFlag, key: flag.name },
      rule: { variant: flag.variant, target } as const,
    };
    const rival = isInRun(o.status) ? await rivalRelease(client, { owner, wanted }) : undefined;
    if (rival !== undefined) unresolved.push(rival);
    const served = servedToAll(found.definition);
    if (served !== undefined) serves[flag.name] = served;
  }
  const wantedOf = (flag: FlagState) => wantedOverride(flag, featureFlagOf.get(flag.name) ?? "");
  const laid = overrides.map(laidBy);
  const drifted = overrides.some((live, i) => {
    const state = laid[i];
    if (state === undefined) return true;
    const wanted = wantedOf(state);
    return findOverride([live], { owner, part, wanted }) === undefined || !isAsWanted(live, owner, wanted);
  });
  return {
    seen: { laid: laid.filter((state) => state !== undefined), drifted, unresolved, serves },
    async reconcile(flags) {
      const kept = new Set<FlagOverride>();
      // Written first: at no moment does anybody lose a flag who keeps it.
      for (const flag of flags) {
        const wanted = wantedOf(flag);
        const live = findOverride(overrides, { owner, part, wanted });
        if (live !== undefined) kept.add(live);
        await putOverride(client, overrides, { owner, part, wanted });
      }
      for (const override of overrides) if (!kept.has(override)) await deleteOverride(client, override);
    },
  };
}

function wantedOverride({ name, variant, stage }: FlagState, featureFlag: string) {
  return { flagRef: { name: featureFlag, key: name }, rule: { variant, target: stage } };
}

function laidBy({ spec: { flagRef, rule } }: FlagOverride): FlagState | undefined {
  const { variant, target } = rule;
  return target === "fractional" ? undefined : { name: flagRef.key, variant, stage: target };
}

function pathsOf(spec: RolloutSpec, index: number): FlagPaths {
  if (spec.rampedFlags === true) {
    return { featureFlag: "spec.flagRef.name", name: "spec.flagRef.key", variant: "spec.variant" };
  }
  const path = `spec.analysis.flags[${index}]`;
  return { featureFlag: `${path}.featureFlag`, name: `${path}.name`, variant: `${path}.variant` };
}
