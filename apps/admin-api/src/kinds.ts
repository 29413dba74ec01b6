import type { Canary, FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import { resource } from "@burgee/kube";

/** The custom resources that this service reads and writes. */
export const kinds = {
  canaries: resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary"),
  featureFlags: resource<FeatureFlag>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag"),
  flagOverrides: resource<FlagOverride>("burgee.dev", "v1alpha1", "flagoverrides", "FlagOverride"),
} as const;
