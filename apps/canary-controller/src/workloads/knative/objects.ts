// Knative's objects, as far as a rollout is about them.
import { type Condition, type KubeObject, type PodTemplateSpec, resource } from "@burgee/kube";

/** A share of a Knative Service's traffic. */
export interface TrafficTarget {
  latestRevision?: boolean;
  revisionName?: string;
  percent?: number;
  tag?: string;
}

/** serving.knative.dev/v1 Service. */
export interface KnativeService extends KubeObject {
  spec: { template: PodTemplateSpec; traffic?: TrafficTarget[] };
  status?: {
    observedGeneration?: number;
    latestCreatedRevisionName?: string;
    latestReadyRevisionName?: string;
    traffic?: TrafficTarget[];
    conditions?: Condition[];
  };
}

/** serving.knative.dev/v1 Revision. */
export interface KnativeRevision extends KubeObject {
  status?: { conditions?: Condition[] };
}

export const knativeServices = resource<KnativeService>("serving.knative.dev", "v1", "services", "Service");
export const knativeRevisions = resource<KnativeRevision>("serving.knative.dev", "v1", "revisions", "Revision");

/** Annotation of the Knative Service that names the primary's revision; upstream's. */
export const primaryRevisionAnnotation = "flagger.app/primary-revision";

/** The latest revision gets a share, the named one the rest. */
export function trafficOf(o: { primaryRevision: string; canary: number }): TrafficTarget[] {
  return [
    { latestRevision: true, percent: o.canary },
    { revisionName: o.primaryRevision, percent: 100 - o.canary },
  ];
}
