import { at, clone, numberAt, objectAt, objectsAt, stringAt, stringMapAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { controllerReference } from "./cluster.ts";
import { availability, isReady, minReadySecondsOf } from "./pod-state.ts";
import { type Revision, revisionLabel } from "./revisions.ts";

/** The number behind the last dash of a pod's name; NaN when there is none. */
export function ordinalOf(pod: KubeObject): number {
  return Number(/-(\d+)$/.exec(pod.metadata.name)?.[1] ?? Number.NaN);
}

/** The ordinals that a StatefulSet wants. */
export function wantedOrdinals(set: KubeObject): number[] {
  const start = numberAt(set, "spec", "ordinals", "start") ?? 0;
  return Array.from({ length: numberAt(set, "spec", "replicas") ?? 1 }, (_, index) => start + index);
}

/** The lowest ordinal that a rolling update replaces. */
export function firstUpdated(set: KubeObject): number {
  const start = numberAt(set, "spec", "ordinals", "start") ?? 0;
  return start + (numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0);
}

/** Running, ready for as long as the set asks and not being deleted. */
export function isHealthy(set: KubeObject, pod: KubeObject, now: number): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    isReady(pod) &&
    availability(pod, minReadySecondsOf(set), now).available
  );
}

/** The pod with this ordinal, made from a revision's template. Its name, host name and claims stay for its life. */
export function statefulPod(set: KubeObject, ordinal: number, revision: Revision): Record<string, unknown> {
  const template = clone(revision.template);
  const name = `${set.metadata.name}-${ordinal}`;
  const templates = objectsAt(set, "spec", "volumeClaimTemplates").map(({ metadata }) => String(at(metadata, "name")));
  const volumes = objectsAt(template, "spec", "volumes").filter((volume) => !templates.includes(String(volume.name)));
  const claims = templates.map((claim) => ({
    name: claim,
    persistentVolumeClaim: { claimName: `${claim}-${name}` },
  }));
  const subdomain = stringAt(set, "spec", "serviceName");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...objectAt(template, "metadata"),
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...stringMapAt(template, "metadata", "labels"),
        [revisionLabel]: revision.name,
        "statefulset.kubernetes.io/pod-name": name,
        "apps.kubernetes.io/pod-index": String(ordinal),
      },
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...objectAt(template, "spec"),
      hostname: name,
      ...(subdomain && { subdomain }),
      ...(volumes.length + claims.length > 0 && { volumes: [...volumes, ...claims] }),
    },
  };
}

/** The claims that the pod with this ordinal needs. */
export function claimsFor(set: KubeObject, ordinal: number): Record<string, unknown>[] {
  const goWithSet = stringAt(set, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted") === "Delete";
  return objectsAt(set, "spec", "volumeClaimTemplates").map((template) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: `${at(template, "metadata", "name")}-${set.metadata.name}-${ordinal}`,
      labels: {
        ...stringMapAt(template, "metadata", "labels"),
        ...stringMapAt(set, "spec", "selector", "matchLabels"),
      },
      annotations: stringMapAt(template, "metadata", "annotations"),
      ...(goWithSet && { ownerReferences: [controllerReference(set)] }),
    },
    spec: clone(objectAt(template, "spec")),
  }));
}
