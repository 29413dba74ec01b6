import type { KubeObject } from "./object.ts";
import type { HorizontalPodAutoscaler } from "./objects/autoscaling.ts";
import type { ConfigMap, CustomResourceDefinition, Namespace, Secret } from "./objects/configuration.ts";
import type { KubeEvent, Lease } from "./objects/coordination.ts";
import type { EndpointSlice, Gateway, HTTPRoute, Service } from "./objects/network.ts";
import type { DaemonSet, Deployment, Pod, ReplicaSet } from "./objects/workloads.ts";

/** Where a kind lives in the API, and (for the compiler only) the type of its objects. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Never set: it carries the object type from `resource<T>()` to the client's methods. */
  readonly objectType?: T;
}

/** Describes a kind. Namespaced unless it says otherwise. */
export function resource<T extends KubeObject>(
  group: string,
  version: string,
  plural: string,
  kind: string,
  o: { namespaced?: boolean } = {},
): Resource<T> {
  return { group, version, plural, kind, namespaced: o.namespaced ?? true };
}

/** `v1` or `apps/v1`, as in an object's `apiVersion`. */
export function apiVersionOf(r: Resource): string {
  return r.group === "" ? r.version : `${r.group}/${r.version}`;
}

const cluster = { namespaced: false };

/** The built-in and Gateway API kinds that Burgee touches. */
export const resources = {
  namespaces: resource<Namespace>("", "v1", "namespaces", "Namespace", cluster),
  pods: resource<Pod>("", "v1", "pods", "Pod"),
  services: resource<Service>("", "v1", "services", "Service"),
  configMaps: resource<ConfigMap>("", "v1", "configmaps", "ConfigMap"),
  secrets: resource<Secret>("", "v1", "secrets", "Secret"),
  events: resource<KubeEvent>("", "v1", "events", "Event"),
  deployments: resource<Deployment>("apps", "v1", "deployments", "Deployment"),
  replicaSets: resource<ReplicaSet>("apps", "v1", "replicasets", "ReplicaSet"),
  daemonSets: resource<DaemonSet>("apps", "v1", "daemonsets", "DaemonSet"),
  leases: resource<Lease>("coordination.k8s.io", "v1", "leases", "Lease"),
  endpointSlices: resource<EndpointSlice>("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
  horizontalPodAutoscalers: resource<HorizontalPodAutoscaler>(
    "autoscaling",
    "v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
  ),
  customResourceDefinitions: resource<CustomResourceDefinition>(
    "apiextensions.k8s.io",
    "v1",
    "customresourcedefinitions",
    "CustomResourceDefinition",
    cluster,
  ),
  gateways: resource<Gateway>("gateway.networking.k8s.io", "v1", "gateways", "Gateway"),
  httpRoutes: resource<HTTPRoute>("gateway.networking.k8s.io", "v1", "httproutes", "HTTPRoute"),
} as const;
