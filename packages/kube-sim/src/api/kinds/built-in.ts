import type { Column, ResourceDefinition, ScalePaths, Verb } from "../resource.ts";
import { allVerbs } from "../resource.ts";
import { builtInShape } from "../shape.ts";
import { behaviorOf } from "./behaviors.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { printColumns } from "./print.ts";

/** What a row of the table may say besides version, plural and kind; what the kind does is in behaviors.ts. */
interface Traits {
  clusterWide?: boolean;
  short?: readonly string[];
  categories?: readonly string[];
  status?: boolean;
  generation?: boolean;
  scale?: ScalePaths;
  extra?: readonly string[];
  singular?: string;
  hub?: string;
  verbs?: readonly Verb[];
}

type Row = readonly [apiVersion: string, plural: string, kind: string, traits?: Traits];

const all = ["all"] as const;
const replicas: ScalePaths = {
  specReplicas: ".spec.replicas",
  statusReplicas: ".status.replicas",
  labelSelector: ".spec.selector",
};
const workload = { status: true, generation: true, categories: all } as const;
/** Namespaces are deleted one by one. */
const oneByOne = allVerbs.filter((verb) => verb !== "deletecollection");
const review = { clusterWide: true, verbs: ["create"] as const };

/** Every built-in kind: one row a served version. */
const rows: readonly Row[] = [
  [
    ...(["v1", "namespaces", "Namespace"] as const),
    { clusterWide: true, short: ["ns"], status: true, extra: ["finalize"], verbs: oneByOne },
  ],
  ["v1", "nodes", "Node", { clusterWide: true, short: ["no"], status: true }],
  [
    "v1",
    "pods",
    "Pod",
    {
      short: ["po"],
      categories: all,
      status: true,
      generation: true,
      extra: ["binding", "eviction", "log"],
    },
  ],
  ["v1", "services", "Service", { short: ["svc"], categories: all, status: true }],
  ["v1", "endpoints", "Endpoints", { short: ["ep"] }],
  ["v1", "configmaps", "ConfigMap", { short: ["cm"] }],
  ["v1", "secrets", "Secret", {}],
  ["v1", "serviceaccounts", "ServiceAccount", { short: ["sa"], extra: ["token"] }],
  ["v1", "events", "Event", { short: ["ev"] }],
  ["v1", "persistentvolumeclaims", "PersistentVolumeClaim", { short: ["pvc"], status: true }],
  ["v1", "persistentvolumes", "PersistentVolume", { clusterWide: true, short: ["pv"], status: true }],
  ["v1", "resourcequotas", "ResourceQuota", { short: ["quota"], status: true }],
  ["v1", "limitranges", "LimitRange", { short: ["limits"] }],
  ["v1", "replicationcontrollers", "ReplicationController", { short: ["rc"], status: true, generation: true }],
  ["apps/v1", "deployments", "Deployment", { ...workload, short: ["deploy"], scale: replicas }],
  ["apps/v1", "replicasets", "ReplicaSet", { ...workload, short: ["rs"], scale: replicas }],
  ["apps/v1", "statefulsets", "StatefulSet", { ...workload, short: ["sts"], scale: replicas }],
  ["apps/v1", "daemonsets", "DaemonSet", { ...workload, short: ["ds"] }],
  ["apps/v1", "controllerrevisions", "ControllerRevision"],
  ["batch/v1", "jobs", "Job", { status: true, generation: true, categories: all }],
  ["batch/v1", "cronjobs", "CronJob", { status: true, generation: true, categories: all, short: ["cj"] }],
  ["networking.k8s.io/v1", "ingresses", "Ingress", { short: ["ing"], status: true, generation: true }],
  ["networking.k8s.io/v1", "ingressclasses", "IngressClass", { clusterWide: true, generation: true }],
  ["networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", { short: ["netpol"], generation: true }],
  ["discovery.k8s.io/v1", "endpointslices", "EndpointSlice", { generation: true }],
  [
    "autoscaling/v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    { short: ["hpa"], categories: all, status: true },
  ],
  [
    "autoscaling/v1",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    {
      short: ["hpa"],
      categories: all,
      status: true,
    },
  ],
  ["policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", { short: ["pdb"], status: true, generation: true }],
  ["rbac.authorization.k8s.io/v1", "roles", "Role"],
  ["rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", {}],
  ["rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", { clusterWide: true }],
  ["rbac.authorization.k8s.io/v1", "clusterrolebindings", "ClusterRoleBinding", { clusterWide: true }],
  ["coordination.k8s.io/v1", "leases", "Lease"],
  ["storage.k8s.io/v1", "storageclasses", "StorageClass", { clusterWide: true, short: ["sc"] }],
  ["scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", { clusterWide: true, generation: true, short: ["pc"] }],
  [
    "admissionregistration.k8s.io/v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    { clusterWide: true, generation: true },
  ],
  [
    "admissionregistration.k8s.io/v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    { clusterWide: true, generation: true },
  ],
  ["apiregistration.k8s.io/v1", "apiservices", "APIService", { clusterWide: true, status: true }],
  ["events.k8s.io/v1", "events", "Event", { short: ["ev"], hub: "/events" }],
  ["authorization.k8s.io/v1", "subjectaccessreviews", "SubjectAccessReview", review],
  ["authorization.k8s.io/v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", review],
  ["authorization.k8s.io/v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", review],
  ["authorization.k8s.io/v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", { verbs: ["create"] }],
  ["authentication.k8s.io/v1", "tokenreviews", "TokenReview", review],
  ["authentication.k8s.io/v1", "selfsubjectreviews", "SelfSubjectReview", review],
];

/** The definitions of all built-in kinds. */
export function builtInResources(): ResourceDefinition[] {
  return rows.map(([apiVersion, plural, kind, traits = {}]) => {
    const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
    const hub = traits.hub ?? `${group}/${plural}`;
    const { scale } = traits;
    const columns: readonly Column[] = printColumns[hub] ?? [nameColumn, ageColumn];
    return {
      group: group ?? "",
      version: version ?? "",
      kind,
      listKind: `${kind}List`,
      plural,
      singular: traits.singular ?? kind.toLowerCase(),
      namespaced: traits.clusterWide !== true,
      shortNames: traits.short ?? [],
      categories: traits.categories ?? [],
      hub,
      verbs: traits.verbs ?? allVerbs,
      statusSubresource: traits.status === true,
      extraSubresources: traits.extra ?? [],
      generation: traits.generation ? "spec" : "none",
      shape: builtInShape(),
      columns,
      ...(scale && { scale }),
      ...behaviorOf(`${apiVersion} ${plural}`),
    };
  });
}
