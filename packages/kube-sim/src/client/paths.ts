/** The path of a resource: `{ api: "/apis/apps/v1", plural: "deployments" }`. */
export interface ResourcePath {
  api: string;
  plural: string;
  namespaced: boolean;
}

const core = "/api/v1";
const apps = "/apis/apps/v1";
const gateway = "/apis/gateway.networking.k8s.io/v1";

/** Where the kinds are that the simulated cluster works with. */
export const paths = {
  pods: { api: core, plural: "pods", namespaced: true },
  services: { api: core, plural: "services", namespaced: true },
  endpoints: { api: core, plural: "endpoints", namespaced: true },
  namespaces: { api: core, plural: "namespaces", namespaced: false },
  nodes: { api: core, plural: "nodes", namespaced: false },
  configMaps: { api: core, plural: "configmaps", namespaced: true },
  secrets: { api: core, plural: "secrets", namespaced: true },
  serviceAccounts: { api: core, plural: "serviceaccounts", namespaced: true },
  persistentVolumeClaims: { api: core, plural: "persistentvolumeclaims", namespaced: true },
  events: { api: core, plural: "events", namespaced: true },
  deployments: { api: apps, plural: "deployments", namespaced: true },
  replicaSets: { api: apps, plural: "replicasets", namespaced: true },
  statefulSets: { api: apps, plural: "statefulsets", namespaced: true },
  controllerRevisions: { api: apps, plural: "controllerrevisions", namespaced: true },
  daemonSets: { api: apps, plural: "daemonsets", namespaced: true },
  disruptionBudgets: { api: "/apis/policy/v1", plural: "poddisruptionbudgets", namespaced: true },
  leases: { api: "/apis/coordination.k8s.io/v1", plural: "leases", namespaced: true },
  endpointSlices: { api: "/apis/discovery.k8s.io/v1", plural: "endpointslices", namespaced: true },
  definitions: { api: "/apis/apiextensions.k8s.io/v1", plural: "customresourcedefinitions", namespaced: false },
  gateways: { api: gateway, plural: "gateways", namespaced: true },
  gatewayClasses: { api: gateway, plural: "gatewayclasses", namespaced: false },
  httpRoutes: { api: gateway, plural: "httproutes", namespaced: true },
} satisfies Record<string, ResourcePath>;
