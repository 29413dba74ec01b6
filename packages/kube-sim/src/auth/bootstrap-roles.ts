import type { JsonObject } from "../api/json.ts";
import { rbacGroup } from "./rbac.ts";
import { mastersGroup } from "./user.ts";

const read = "get list watch";
const write = "create delete deletecollection patch update";
const aggregate = (to: string) => ({ [`${rbacGroup}/aggregate-to-${to}`]: "true" });

/** Groups, resources and verbs, each as words; `core` is the group without a name. */
type Rule = readonly [groups: string, resources: string, verbs: string];

const viewRules: readonly Rule[] = [
  [
    "core",
    "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers",
    read,
  ],
  ["core", "replicationcontrollers/scale serviceaccounts services services/status bindings limitranges", read],
  ["core", "namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas namespaces", read],
  ["core", "resourcequotas/status", read],
  ["core events.k8s.io", "events", read],
  ["discovery.k8s.io", "endpointslices", read],
  ["apps", "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status", read],
  [
    "apps",
    "replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
    read,
  ],
  ["autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", read],
  ["batch", "cronjobs cronjobs/status jobs jobs/status", read],
  ["policy", "poddisruptionbudgets poddisruptionbudgets/status", read],
  ["networking.k8s.io", "ingresses ingresses/status networkpolicies", read],
];

const editRules: readonly Rule[] = [
  ["core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", read],
  ["core", "serviceaccounts", "impersonate"],
  ["core", "pods pods/attach pods/exec pods/portforward pods/proxy", write],
  ["core", "pods/eviction serviceaccounts/token", "create"],
  ["core", "configmaps persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets", write],
  ["core", "serviceaccounts services services/proxy", write],
  ["core events.k8s.io", "events", write],
  ["apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale", write],
  ["apps", "statefulsets statefulsets/scale", write],
  ["autoscaling", "horizontalpodautoscalers", write],
  ["batch", "cronjobs jobs", write],
  ["policy", "poddisruptionbudgets", write],
  ["networking.k8s.io", "ingresses networkpolicies", write],
  ["coordination.k8s.io", "leases", `${read} ${write}`],
];

const adminRules: readonly Rule[] = [
  ["authorization.k8s.io", "localsubjectaccessreviews", "create"],
  [rbacGroup, "rolebindings roles", `${read} ${write}`],
];

const selfReviews: readonly Rule[] = [
  ["authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create"],
  ["authentication.k8s.io", "selfsubjectreviews", "create"],
];

const publicPaths = "/healthz /livez /readyz /version /version/";
const discoveryPaths = `/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/`;

/** The roles and bindings that every cluster with RBAC starts with and that people bind; those of its own parts are left out. */
export function bootstrapRoles(): JsonObject[] {
  return [
    role("cluster-admin", [...rules([["*", "*", "*"]]), { nonResourceURLs: ["*"], verbs: ["*"] }]),
    role("system:discovery", [paths(discoveryPaths)]),
    role("system:public-info-viewer", [paths(publicPaths)]),
    role("system:basic-user", rules(selfReviews)),
    role("admin", [], { aggregates: "admin" }),
    role("edit", [], { labels: aggregate("admin"), aggregates: "edit" }),
    role("view", [], { labels: aggregate("edit"), aggregates: "view" }),
    role("system:aggregate-to-admin", rules(adminRules), { labels: aggregate("admin") }),
    role("system:aggregate-to-edit", rules(editRules), { labels: aggregate("edit") }),
    role("system:aggregate-to-view", rules(viewRules), { labels: aggregate("view") }),
    binding("cluster-admin", [mastersGroup]),
    binding("system:discovery", ["system:authenticated"]),
    binding("system:basic-user", ["system:authenticated"]),
    binding("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
  ];
}

function rules(rows: readonly Rule[]): JsonObject[] {
  return rows.map(([groups, resources, verbs]) => ({
    apiGroups: groups.split(" ").map((group) => (group === "core" ? "" : group)),
    resources: resources.split(" "),
    verbs: verbs.split(" "),
  }));
}

function paths(list: string): JsonObject {
  return { nonResourceURLs: list.split(" "), verbs: ["get"] };
}

function metadata(name: string, labels: Record<string, string> = {}): JsonObject {
  return {
    name,
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
    annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
  };
}

function role(name: string, list: JsonObject[], o: { labels?: Record<string, string>; aggregates?: string } = {}) {
  const { aggregates } = o;
  const selectors = aggregates && { clusterRoleSelectors: [{ matchLabels: aggregate(aggregates) }] };
  return {
    ...{ apiVersion: `${rbacGroup}/v1`, kind: "ClusterRole", metadata: metadata(name, o.labels), rules: list },
    ...(selectors && { aggregationRule: selectors }),
  };
}

function binding(name: string, groups: readonly string[]): JsonObject {
  return {
    ...{ apiVersion: `${rbacGroup}/v1`, kind: "ClusterRoleBinding", metadata: metadata(name) },
    roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name },
    subjects: groups.map((group) => ({ apiGroup: rbacGroup, kind: "Group", name: group })),
  };
}
