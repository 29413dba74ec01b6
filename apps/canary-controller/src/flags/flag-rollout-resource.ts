// FlagRollouts: where they live, and how they are seen as canaries, which is what the reconcile code knows.
import type { Canary, FlagRollout } from "@burgee/contracts/crd";
import { resource } from "@burgee/kube";

/** FlagRollouts as the client takes them. */
export const flagRollouts = resource<FlagRollout>("burgee.dev", "v1alpha1", "flagrollouts", "FlagRollout");

const apiVersion = "burgee.dev/v1alpha1";
const kind = "FlagRollout";

/** A FlagRollout in a Canary's shape: the flag is its route, and what becomes of the promoted variant. */
export function asCanary({ metadata, spec, status }: FlagRollout): Canary {
  const { flagRef, variant, analysis, ...rest } = spec;
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      ...rest,
      provider: "flag",
      targetRef: { apiVersion, kind, name: metadata.name },
      analysis: { ...analysis, flags: [{ name: flagRef.key, variant, featureFlag: flagRef.name }] },
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** The way back, for writes. */
export function asFlagRollout({ metadata, spec, status }: Canary): FlagRollout {
  const { analysis, metricsServer, skipAnalysis, suspend, dryRun } = spec;
  const { flags: [flag] = [], ...judged } = analysis;
  const { name = "", variant = "", featureFlag = "" } = flag ?? {};
  return {
    apiVersion,
    kind,
    metadata,
    spec: {
      flagRef: { name: featureFlag, key: name },
      variant,
      ...(metricsServer === undefined ? {} : { metricsServer }),
      ...(skipAnalysis === undefined ? {} : { skipAnalysis }),
      ...(suspend === undefined ? {} : { suspend }),
      ...(dryRun === undefined ? {} : { dryRun }),
      analysis: judged,
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** True for a Canary that is a FlagRollout in its shape. */
export function isFlagRollout(canary: Pick<Canary, "kind">): boolean {
  return canary.kind === kind;
}
