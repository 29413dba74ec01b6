import type { Canary } from "@burgee/contracts/crd";
import { fnv1a } from "../revision.ts";
import type { RolloutSpec } from "../rollout-spec.ts";
import { readFlags } from "./flags.ts";
import { readDependencies } from "./dependencies.ts";
import { readHooks, rollbackHookNotes } from "./hooks.ts";
import { readAlerts, readMetrics } from "./metrics.ts";
import type { SpecProblem } from "./problem.ts";
import { adaptToProvider } from "./provider.ts";
import { createSpecReader, type SpecReader } from "./reader.ts";
import { readSteps } from "./steps.ts";

/** What the controller's flags say. */
export interface SpecDefaults {
  /** Provider of Canaries that name none. */
  readonly provider: string;
  /** Floor of `analysis.interval`. */
  readonly minIntervalMs: number;
  readonly dryRun?: boolean;
  /** Name of the controller's own cluster, "" when it has none. */
  readonly clusterName?: string;
}

/**
 * Applies every default to a Canary, or says everything that is wrong with it. `fallback` is the spec with defaults where
 * the problems are: good for nothing but a deletion, which must work whatever the spec says.
 */
export function rolloutSpecFromCanary(
  canary: Canary,
  defaults: SpecDefaults,
): { readonly spec: RolloutSpec } | { readonly problems: readonly SpecProblem[]; readonly fallback: RolloutSpec } {
  const reader = createSpecReader();
  const spec = read(canary, defaults, reader);
  return reader.problems.length > 0 ? { problems: reader.problems, fallback: spec } : { spec };
}

function read(canary: Canary, defaults: SpecDefaults, reader: SpecReader): RolloutSpec {
  const { metadata } = canary;
  const analysis = canary.spec.analysis ?? {};
  const { targetRef, autoscalerRef } = canary.spec;
  const hooks = readHooks(canary, reader);
  const metrics = readMetrics(canary, reader);
  const provider = canary.spec.provider ?? defaults.provider;
  const skipAnalysis = canary.spec.skipAnalysis === true || canary.spec.analysis === undefined;
  const adapted = adaptToProvider(provider, analysis, readSteps(analysis, reader));
  const threshold = atLeastOne(reader.whole("spec.analysis.threshold", analysis.threshold, { fallback: 1 }));
  checkSteps(adapted, skipAnalysis, reader);
  checkAffinity(canary, reader);
  const interval = reader.duration("spec.analysis.interval", analysis.interval, { fallbackMs: 60_000 });
  const deadline = reader.whole("spec.progressDeadlineSeconds", canary.spec.progressDeadlineSeconds, {
    fallback: 600,
    min: 1,
  });
  const service = canary.spec.service?.name ?? targetRef.name;
  return {
    ...adapted,
    uid: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace,
    generation: metadata.generation ?? 0,
    target: { kind: targetRef.kind, name: targetRef.name },
    service,
    provider,
    intervalMs: Math.max(interval, defaults.minIntervalMs),
    threshold,
    delayMs: reader.duration("spec.analysis.delay", analysis.delay, { fallbackMs: 0 }),
    unknownThreshold: atLeastOne(
      reader.whole("spec.analysis.unknownThreshold", analysis.unknownThreshold, { fallback: threshold }),
    ),
    onUnknown: reader.choice("spec.analysis.onUnknown", analysis.onUnknown, ["hold", "rollback"]),
    failurePolicy: reader.choice("spec.analysis.failurePolicy", analysis.failurePolicy, ["cumulative", "consecutive"]),
    hooks,
    metrics,
    alerts: readAlerts(canary, reader),
    flags: readFlags(canary, provider, reader),
    skipAnalysis,
    suspend: canary.spec.suspend ?? false,
    ...readDependencies(canary, defaults.clusterName ?? "", reader),
    revertOnDeletion: canary.spec.revertOnDeletion ?? false,
    dryRun: canary.spec.dryRun ?? defaults.dryRun ?? false,
    hasAutoscaler: autoscalerRef !== undefined,
    progressDeadlineMs: deadline * 1000,
    specHash: fnv1a(JSON.stringify([metrics, provider, targetRef, service, canary.spec.metricsServer ?? ""])),
    adaptations: [...adapted.adaptations, ...rollbackHookNotes(canary, hooks)],
  };
}

/** Upstream reads zero and less as one. */
function atLeastOne(value: number): number {
  return Math.max(1, value);
}

/** A weighted canary without a step would never move: upstream stalls in silence. */
function checkSteps(
  steps: Pick<RolloutSpec, "strategy" | "stepWeight" | "stepWeights">,
  skipAnalysis: boolean,
  reader: SpecReader,
): void {
  if (skipAnalysis || steps.strategy !== "canary" || steps.stepWeight > 0) return;
  const refused = reader.problems.some((problem) => problem.path === "spec.analysis.stepWeight");
  if (steps.stepWeights.length === 0 && !refused) {
    const expected = "1–100, or a list in stepWeights, or iterations for blue/green and A/B";
    reader.add({ path: "spec.analysis.stepWeight", value: steps.stepWeight, expected });
  }
  steps.stepWeights.forEach((weight, index) => {
    const before = steps.stepWeights[index - 1] ?? 0;
    if (weight <= before) {
      reader.add({ path: `spec.analysis.stepWeights[${index}]`, value: weight, expected: `more than ${before}` });
    }
  });
}

function checkAffinity(canary: Canary, reader: SpecReader): void {
  const affinity = canary.spec.analysis?.sessionAffinity;
  if (affinity?.primaryCookieName === undefined || affinity.cookieName !== affinity.primaryCookieName) return;
  const path = "spec.analysis.sessionAffinity.primaryCookieName";
  reader.add({ path, value: affinity.primaryCookieName, expected: "another name than cookieName" });
}
