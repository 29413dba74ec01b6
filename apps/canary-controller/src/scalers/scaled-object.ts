// KEDA's ScaledObject: it wakes a workload from zero, so that the target's has to be paused while the canary rests.
import type { Canary } from "@burgee/contracts/crd";
import { type KubeObject, resource } from "@burgee/kube";
import { canaryOwner } from "../canary-resource.ts";
import { sameMeaning } from "../workloads/canonical-json.ts";
import { isRecord } from "../workloads/record.ts";
import { primaryName, withoutFluxKeys } from "../workloads/selector-label.ts";
import type { ScalerKind } from "./scaler.ts";

/** keda.sh/v1alpha1 ScaledObject; fields that are not named here are copied as they are. */
export interface ScaledObject extends KubeObject {
  spec: {
    scaleTargetRef: { name: string; kind?: string; apiVersion?: string; envSourceContainerName?: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
    advanced?: Record<string, unknown>;
    triggers?: { type: string; name?: string; metadata?: Record<string, string> }[];
    [setting: string]: unknown;
  };
}

const pausedReplicas = "autoscaling.keda.sh/paused-replicas";

export const scaledObject: ScalerKind<ScaledObject> = {
  resource: resource<ScaledObject>("keda.sh", "v1alpha1", "scaledobjects", "ScaledObject"),
  title: "Keda ScaledObject",
  minimum: ({ spec }) => spec.minReplicaCount,
  isPaused: ({ metadata }) => metadata.annotations?.[pausedReplicas] === "0",
  pausing: (pause) => ({ metadata: { annotations: { [pausedReplicas]: pause ? "0" : null } } }),
  newPrimary(source, canary) {
    // The target's may be paused at this moment; a primary that is paused, too, would serve nobody.
    const { [pausedReplicas]: _paused, ...annotations } = withoutFluxKeys(source.metadata.annotations);
    return {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: {
        name: primaryName(source.metadata.name),
        namespace: canary.metadata.namespace,
        labels: withoutFluxKeys(source.metadata.labels),
        annotations,
        ownerReferences: [canaryOwner(canary)],
      },
      spec: primarySpec(source, canary),
    };
  },
  aligned(live, source, canary) {
    const spec = primarySpec(source, canary);
    return sameMeaning(spec, live.spec) ? undefined : { ...live, spec };
  },
};

function primarySpec(source: ScaledObject, canary: Canary): ScaledObject["spec"] {
  const { primaryScalerReplicas: { minReplicas, maxReplicas } = {} } = canary.spec.autoscalerRef ?? {};
  const { triggers, advanced, ...rest } = structuredClone(source.spec);
  return {
    ...rest,
    scaleTargetRef: { ...source.spec.scaleTargetRef, name: primaryName(canary.spec.targetRef.name) },
    ...(minReplicas === undefined ? {} : { minReplicaCount: minReplicas }),
    ...(maxReplicas === undefined ? {} : { maxReplicaCount: maxReplicas }),
    ...(advanced === undefined ? {} : { advanced: withOwnName(advanced) }),
    ...(triggers === undefined ? {} : { triggers: triggers.map((trigger) => primaryTrigger(trigger, canary)) }),
  };
}

/** Two ScaledObjects must not name the same HorizontalPodAutoscaler. */
function withOwnName(advanced: Record<string, unknown>): Record<string, unknown> {
  const config = advanced.horizontalPodAutoscalerConfig;
  if (!isRecord(config) || typeof config.name !== "string" || config.name === "") return advanced;
  return { ...advanced, horizontalPodAutoscalerConfig: { ...config, name: primaryName(config.name) } };
}

type Trigger = NonNullable<ScaledObject["spec"]["triggers"]>[number];

function primaryTrigger(trigger: Trigger, { spec: { autoscalerRef, targetRef } }: Canary): Trigger {
  const queries = autoscalerRef?.primaryScalerQueries;
  const { metadata } = trigger;
  if (queries !== undefined) {
    const query = trigger.name === undefined ? undefined : queries[trigger.name];
    return query === undefined ? trigger : { ...trigger, metadata: { ...metadata, query } };
  }
  if (metadata?.query === undefined) return trigger;
  const names = new RegExp(`${targetRef.name.replaceAll(".", "\\.")}(-canary|-primary)?`, "g");
  const query = metadata.query.replace(names, () => primaryName(targetRef.name));
  return { ...trigger, metadata: { ...metadata, query } };
}
