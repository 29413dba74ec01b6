// A Canary as the engine wants it, or everything that is wrong with it.
import type { Canary } from "@burgee/contracts/crd";
import { type RolloutSpec, rolloutSpecFromCanary, type SpecDefaults, type SpecProblem } from "@burgee/rollout-engine";
import { isFlagRollout } from "./flags/flag-rollout-resource.ts";
import { readFlagRollout } from "./flags/read-flag-rollout.ts";
import { providerNames, routerFor, routers } from "./routers/index.ts";
import type { Router } from "./routers/router.ts";
import { scalerNames, scalerOf } from "./scalers/index.ts";
import { fallbackKind, targetKindNames, targetKindOf } from "./workloads/index.ts";
import type { TargetKind } from "./workloads/target.ts";

/** What the controller's flags say about specs. */
export interface SpecSettings extends SpecDefaults {
  noCrossNamespaceRefs: boolean;
}

/** A spec, the router and the kind of target that it asks for. */
export interface ReadSpec {
  spec: RolloutSpec;
  router: Router;
  kind: TargetKind;
}

/**
 * The spec, or its problems. `fallback` is the spec with defaults where the problems are: for a Canary that goes, which must leave a
 * workload that serves whatever its spec says by then.
 */
export function readSpec(
  canary: Canary,
  settings: SpecSettings,
): ReadSpec | { problems: readonly SpecProblem[]; fallback: ReadSpec } {
  if (isFlagRollout(canary)) return readFlagRollout(canary, settings);
  const provider = canary.spec.provider ?? settings.provider;
  const kind = targetKindOf(canary.spec.targetRef);
  const router = kind?.router ?? routerFor(provider);
  const read = rolloutSpecFromCanary(canary, settings);
  const problems = [
    ...("problems" in read ? read.problems : []),
    ...(router === undefined
      ? [{ path: "spec.provider", value: provider, expected: providerOf(canary) }]
      : router.check(canary)),
    ...(kind === undefined
      ? [{ path: "spec.targetRef.kind", value: canary.spec.targetRef.kind, expected: targetKindNames }]
      : kind.check(canary)),
    ...autoscalerProblems(canary),
    ...(settings.noCrossNamespaceRefs ? crossNamespaceProblems(canary) : []),
  ];
  if (problems.length === 0 && router !== undefined && kind !== undefined && "spec" in read) {
    return { spec: read.spec, router, kind };
  }
  const spec = "spec" in read ? read.spec : read.fallback;
  return { problems, fallback: { spec, router: router ?? routers.kubernetes, kind: kind ?? fallbackKind } };
}

/** Knative directs the traffic of its own Services only: of no other target, and by no option of the controller. */
function providerOf({ spec }: Canary): string {
  const names = providerNames.join(", ");
  return spec.provider === "knative"
    ? `one of: ${names}; knative is for a Service of serving.knative.dev/v1 as target`
    : `one of: ${names}, or knative for a Knative Service`;
}

function autoscalerProblems({ spec: { autoscalerRef } }: Canary): SpecProblem[] {
  if (autoscalerRef === undefined || scalerOf(autoscalerRef.kind) !== undefined) return [];
  return [{ path: "spec.autoscalerRef.kind", value: autoscalerRef.kind, expected: scalerNames.join(" or ") }];
}

function crossNamespaceProblems({ spec, metadata }: Canary): SpecProblem[] {
  const expected = `${metadata.namespace}: cross-namespace references are blocked (--no-cross-namespace-refs)`;
  const foreign = (path: string, namespace: string | undefined): SpecProblem[] =>
    namespace === undefined || namespace === metadata.namespace ? [] : [{ path, value: namespace, expected }];
  const { metrics = [], alerts = [] } = spec.analysis;
  return [
    ...(spec.dependsOn ?? []).flatMap(({ namespace }, i) => foreign(`spec.dependsOn[${i}].namespace`, namespace)),
    ...foreign("spec.upstreamRef.namespace", spec.upstreamRef?.namespace),
    ...metrics.flatMap((metric, i) =>
      foreign(`spec.analysis.metrics[${i}].templateRef.namespace`, metric.templateRef?.namespace),
    ),
    ...alerts.flatMap((alert, i) =>
      foreign(`spec.analysis.alerts[${i}].providerRef.namespace`, alert.providerRef.namespace),
    ),
  ];
}
