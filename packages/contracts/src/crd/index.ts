// Custom resources: their TypeScript types, and the manifests made from the same source.
import { alertProviderKind } from "./alert-provider.ts";
import { canaryKind } from "./canary.ts";
import type { KindDefinition } from "./define-crd.ts";
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
export { webhookTypes } from "./canary-analysis.ts";
export type { CanaryService, GatewayRef, HttpMatch, StringMatch } from "./canary-service.ts";
export type { AnalysisRecord, CanaryCondition, CanaryPhase, CanaryStatus } from "./canary-status.ts";
export { CanaryStatusSchema, canaryPhases } from "./canary-status.ts";
export type { CrdManifest, KindDefinition, PrinterColumn } from "./define-crd.ts";
export { defineCrd } from "./define-crd.ts";
export type { CustomObjectMeta } from "./field.ts";
export type { MetricTemplate, MetricTemplateSpec } from "./metric-template.ts";

/** Every kind that is served; one manifest a kind is generated. */
export const customResources: readonly KindDefinition[] = [canaryKind, metricTemplateKind, alertProviderKind];
