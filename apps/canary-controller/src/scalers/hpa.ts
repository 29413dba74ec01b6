// The primary's HorizontalPodAutoscaler as a function of the target's.
import { type HorizontalPodAutoscaler, resources } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../canary-resource.ts";
import { sameMeaning } from "../workloads/canonical-json.ts";
import { primaryName, withoutFluxKeys } from "../workloads/selector-label.ts";
import type { ScalerKind } from "./scaler.ts";

type HpaSpec = HorizontalPodAutoscaler["spec"];

/** autoscaling/v2 HorizontalPodAutoscaler. It leaves a workload with zero replicas alone: there is nothing to pause. */
export const hpa: ScalerKind<HorizontalPodAutoscaler> = {
  resource: resources.horizontalPodAutoscalers,
  title: "HorizontalPodAutoscaler",
  minimum: ({ spec }) => spec.minReplicas,
  isPaused: () => false,
  pausing: () => undefined,
  newPrimary: newPrimaryAutoscaler,
  aligned: alignedPrimaryAutoscaler,
};

/** The primary's autoscaler to create when there is none. */
function newPrimaryAutoscaler(source: HorizontalPodAutoscaler, canary: Canary): HorizontalPodAutoscaler {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: primaryName(source.metadata.name),
      namespace: canary.metadata.namespace,
      labels: withoutFluxKeys(source.metadata.labels),
      ownerReferences: [canaryOwner(canary)],
    },
    spec: primarySpec(source, canary),
  };
}

/** The existing primary autoscaler brought in line with the source, or undefined when nothing needs to change. */
function alignedPrimaryAutoscaler(
  live: HorizontalPodAutoscaler,
  source: HorizontalPodAutoscaler,
  canary: Canary,
): HorizontalPodAutoscaler | undefined {
  const wanted = primarySpec(source, canary);
  if (sameMeaning(comparable(wanted), comparable(live.spec))) return undefined;
  return { ...live, spec: wanted };
}

function primarySpec(source: HorizontalPodAutoscaler, canary: Canary): HpaSpec {
  const { minReplicas, maxReplicas } = canary.spec.autoscalerRef?.primaryScalerReplicas ?? {};
  const spec: HpaSpec = {
    ...source.spec,
    scaleTargetRef: { ...source.spec.scaleTargetRef, name: primaryName(canary.spec.targetRef.name) },
  };
  if (minReplicas !== undefined) spec.minReplicas = minReplicas;
  if (maxReplicas !== undefined) spec.maxReplicas = maxReplicas;
  return spec;
}

function comparable(spec: HpaSpec): object {
  const { metrics, behavior, maxReplicas, minReplicas } = spec;
  return { metrics, behavior, maxReplicas, minReplicas: minReplicas ?? 1 };
}
