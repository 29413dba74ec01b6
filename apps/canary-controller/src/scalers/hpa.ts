// The primary's HorizontalPodAutoscaler as a function of the target's.
import type { HorizontalPodAutoscaler } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../canary-resource.ts";
import { sameMeaning } from "../workloads/canonical-json.ts";
import { primaryName, withoutFluxKeys } from "../workloads/selector-label.ts";

type HpaSpec = HorizontalPodAutoscaler["spec"];

/** The primary's autoscaler to create when there is none. */
export function newPrimaryAutoscaler(source: HorizontalPodAutoscaler, canary: Canary): HorizontalPodAutoscaler {
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
export function alignedPrimaryAutoscaler(
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
