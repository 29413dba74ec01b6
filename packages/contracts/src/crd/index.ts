// Custom resources: their TypeScript types, and the manifests made from the same source.
import { alertProviderKind } from "./alert-provider.ts";
import { canaryKind } from "./canary.ts";
import type { KindDefinition } from "./define-crd.ts";
import { featureFlagKind } from "./feature-flag.ts";
import { featureFlagSourceKind } from "./feature-flag-source.ts";
import { flagOverrideKind } from "./flag-override.ts";
import { flagRolloutKind } from "./flag-rollout.ts";
import { flagdKind } from "./flagd.ts";
import { inProcessConfigurationKind } from "./in-process-configuration.ts";
import { metricTemplateKind } from "./metric-template.ts";

export type { AlertProvider, AlertProviderSpec } from "./alert-provider.ts";
export { alertProviderTypes } from "./alert-provider.ts";
export type { Canary, CanarySpec } from "./canary.ts";
export type {
  CanaryAlert,
  CanaryAnalysis,
  CanaryMetric,
  CanaryWebhook,
  SessionAffinity,
} from "./canary-analysis.ts";
export { webhookEvents, webhookTypes } from "./canary-analysis.ts";
export type { CanaryService, GatewayRef, HttpMatch, StringMatch } from "./canary-service.ts";
export type { CanaryCondition, CanaryPhase, CanaryStatus, FinishedCheck } from "./canary-status.ts";
export { CanaryStatusSchema, canaryPhases } from "./canary-status.ts";
export type { CrdManifest, KindDefinition, PrinterColumn } from "./define-crd.ts";
export { defineCrd } from "./define-crd.ts";
export type { FeatureFlag, FeatureFlagDefinition, FeatureFlagSpec } from "./feature-flag.ts";
export { FeatureFlagSpecSchema } from "./feature-flag.ts";
export type { FeatureFlagSource, FeatureFlagSourceSpec } from "./feature-flag-source.ts";
export { flagSourceProviders } from "./feature-flag-source.ts";
export type { CustomObjectMeta } from "./field.ts";
export type { FlagOverride, FlagOverrideSpec } from "./flag-override.ts";
export { FlagOverrideSpecSchema, overrideTargets } from "./flag-override.ts";
export type { FlagRollout, FlagRolloutSpec } from "./flag-rollout.ts";
export type { Flagd, FlagdSpec } from "./flagd.ts";
export type { InProcessConfiguration, InProcessConfigurationSpec } from "./in-process-configuration.ts";
export type { MetricTemplate, MetricTemplateSpec } from "./metric-template.ts";

/** Every kind that is served; one manifest a kind is generated. */
export const customResources: readonly KindDefinition[] = [
  canaryKind,
  metricTemplateKind,
  alertProviderKind,
  featureFlagKind,
  featureFlagSourceKind,
  inProcessConfigurationKind,
  flagdKind,
  flagOverrideKind,
  flagRolloutKind,
];
