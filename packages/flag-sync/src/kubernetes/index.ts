// FeatureFlags as they are served: for apps that watch many of them. Apart from the package's index, so that flagd loads it only when used.

export { parseFeatureFlagUri } from "./feature-flag-uri.ts";
export { layOverrides, type OverlaidDocument } from "./lay-overrides.ts";
export {
  type FeatureFlagEvent,
  type FeatureFlagWatch,
  type FeatureFlagWatchOptions,
  featureFlags,
  flagOverrides,
  watchFeatureFlag,
} from "./watch-feature-flag.ts";
