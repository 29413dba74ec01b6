// The kinds of flags that the controller reads and writes.
import type { FeatureFlag, FlagOverride } from "@burgee/contracts/crd";
import { resource } from "@burgee/kube";

/** Users' flags: read, never written. */
export const featureFlags = resource<FeatureFlag>("core.openfeature.dev", "v1beta1", "featureflags", "FeatureFlag");
/** What the controller lays over them. */
export const flagOverrides = resource<FlagOverride>("burgee.dev", "v1alpha1", "flagoverrides", "FlagOverride");
