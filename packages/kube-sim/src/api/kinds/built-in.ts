import type { Column, ResourceDefinition, ScalePaths, Verb } from "../resource.ts";
import { allVerbs } from "../resource.ts";
import { builtInShape } from "../shape.ts";
import {
  autoscalerV1FromStored,
  autoscalerV1ToStored,
  defaultAutoscaler,
  defaultIngress,
  defaultNamespace,
  defaultWebhooks,
  validateAutoscaler,
  validateRoleBinding,
} from "./cluster.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { defaultEvent, newEventFromStored, newEventToStored } from "./events.ts";
import { printColumns } from "./print.ts";
import { defaultSecret, defaultService, validateData, validateSecret, validateService } from "./services.ts";
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultPod,
  defaultReplicaSet,
  defaultStatefulSet,
  validatePod,
  validateWorkload,
} from "./workloads.ts";

/** What a row of the table may say besides version, plural and kind. */
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
  defaults?: ResourceDefinition["defaults"];
  validate?: ResourceDefinition["validate"];
  fromStored?: ResourceDefinition["fromStored"];
  toStored?: ResourceDefinition["toStored"];
}

type Row = readonly [apiVersion: string, plural: string, kind: string, traits?: Traits];

const all = ["all"] as const;
const replicas: ScalePaths = {
  specReplicas: ".spec.replicas",
  statusReplicas: ".status.replicas",
  labelSelector: ".spec.selector",
};
const workload = { status: true, generation: true, categories: all, validate: validateWorkload } as const;
const review = { clusterWide: true, verbs: ["create"] as const };

/** Every built-in kind: one row a served version. */
const rows: readonly Row[] = [
  [
    "v1",
    "namespaces",
    "Namespace",
    { clusterWide: true, short: ["ns"], status: true, extra: ["finalize"], defaults: defaultNamespace },
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
      defaults: defaultPod,
      validate: validatePod,
    },
  ],
  [
    "v1",
    "services",
    "Service",
    { short: ["svc"], categories: all, status: true, defaults: defaultService, validate: validateService },
  ],
  ["v1", "endpoints", "Endpoints", { short: ["ep"] }],
  ["v1", "configmaps", "ConfigMap", { short: ["cm"], validate: validateData }],
  ["v1", "secrets", "Secret", { defaults: defaultSecret, validate: validateSecret }],
  ["v1", "serviceaccounts", "ServiceAccount", { short: ["sa"], extra: ["token"] }],
  ["v1", "events", "Event", { short: ["ev"], defaults: defaultEvent }],
  ["v1", "persistentvolumeclaims", "PersistentVolumeClaim", { short: ["pvc"], status: true }],
  ["v1", "persistentvolumes", "PersistentVolume", { clusterWide: true, short: ["pv"], status: true }],
  ["v1", "resourcequotas", "ResourceQuota", { short: ["quota"], status: true }],
  ["v1", "limitranges", "LimitRange", { short: ["limits"] }],
  ["v1", "replicationcontrollers", "ReplicationController", { short: ["rc"], status: true, generation: true }],
  [
    "apps/v1",
    "deployments",
    "Deployment",
    { ...workload, short: ["deploy"], scale: replicas, defaults: defaultDeployment },
  ],
  [
    "apps/v1",
    "replicasets",
    "ReplicaSet",
    { ...workload, short: ["rs"], scale: replicas, defaults: defaultReplicaSet },
  ],
  [
    "apps/v1",
    "statefulsets",
    "StatefulSet",
    { ...workload, short: ["sts"], scale: replicas, defaults: defaultStatefulSet },
  ],
  ["apps/v1", "daemonsets", "DaemonSet", { ...workload, short: ["ds"], defaults: defaultDaemonSet }],
  ["apps/v1", "controllerrevisions", "ControllerRevision"],
  ["batch/v1", "jobs", "Job", { status: true, generation: true, categories: all, defaults: defaultJob }],
  [
    "batch/v1",
    "cronjobs",
    "CronJob",
    { status: true, generation: true, categories: all, short: ["cj"], defaults: defaultCronJob },
  ],
  [
    "networking.k8s.io/v1",
    "ingresses",
    "Ingress",
    { short: ["ing"], status: true, generation: true, defaults: defaultIngress },
  ],
  ["networking.k8s.io/v1", "ingressclasses", "IngressClass", { clusterWide: true, generation: true }],
  ["networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", { short: ["netpol"], generation: true }],
  ["discovery.k8s.io/v1", "endpointslices", "EndpointSlice", { generation: true }],
  [
    "autoscaling/v2",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    { short: ["hpa"], categories: all, status: true, defaults: defaultAutoscaler, validate: validateAutoscaler },
  ],
  [
    "autoscaling/v1",
    "horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    {
      short: ["hpa"],
      categories: all,
      status: true,
      validate: validateAutoscaler,
      fromStored: autoscalerV1FromStored,
      toStored: autoscalerV1ToStored,
    },
  ],
  ["policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", { short: ["pdb"], status: true, generation: true }],
  ["rbac.authorization.k8s.io/v1", "roles", "Role"],
  ["rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding", { validate: validateRoleBinding }],
  ["rbac.authorization.k8s.io/v1", "clusterroles", "ClusterRole", { clusterWide: true }],
  [
    "rbac.authorization.k8s.io/v1",
    "clusterrolebindings",
    "ClusterRoleBinding",
    { clusterWide: true, validate: validateRoleBinding },
  ],
  ["coordination.k8s.io/v1", "leases", "Lease"],
  ["storage.k8s.io/v1", "storageclasses", "StorageClass", { clusterWide: true, short: ["sc"] }],
  ["scheduling.k8s.io/v1", "priorityclasses", "PriorityClass", { clusterWide: true, short: ["pc"] }],
  [
    "admissionregistration.k8s.io/v1",
    "mutatingwebhookconfigurations",
    "MutatingWebhookConfiguration",
    { clusterWide: true, generation: true, defaults: defaultWebhooks },
  ],
  [
    "admissionregistration.k8s.io/v1",
    "validatingwebhookconfigurations",
    "ValidatingWebhookConfiguration",
    { clusterWide: true, generation: true, defaults: defaultWebhooks },
  ],
  ["apiregistration.k8s.io/v1", "apiservices", "APIService", { clusterWide: true, status: true }],
  [
    "events.k8s.io/v1",
    "events",
    "Event",
    { short: ["ev"], hub: "/events", fromStored: newEventFromStored, toStored: newEventToStored },
  ],
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
    const { defaults, validate, fromStored, toStored, scale } = traits;
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
      ...(defaults && { defaults }),
      ...(validate && { validate }),
      ...(fromStored && { fromStored }),
      ...(toStored && { toStored }),
    };
  });
}
