export {
  type DocumentServer,
  type Kept,
  type ServedAnswer,
  type ServedRequest,
  serveDocument,
} from "./document-server.ts";
export { bannerOverride, type FeatureFlagWish, featureFlag, flagCrds } from "./flag-objects.ts";
export { greetingOf, testFlags } from "./test-flags.ts";
