import { isObject, type JsonObject } from "../json.ts";
import type { KubeObject } from "../object.ts";

const template = { metadata: {}, spec: { containers: null } };
const workload = { spec: { selector: null, template }, status: {} };
const balanced = { spec: {}, status: { loadBalancer: {} } };

/** What an object of a built-in kind has before anybody has written to it, where that is more than spec and status. */
const kinds: Record<string, JsonObject> = {
  "apiextensions.k8s.io/v1 CustomResourceDefinition": { spec: { names: {}, versions: null }, status: {} },
  "apps/v1 DaemonSet": { ...workload, spec: { ...workload.spec, updateStrategy: {} } },
  "apps/v1 Deployment": { ...workload, spec: { ...workload.spec, strategy: {} } },
  "apps/v1 ReplicaSet": workload,
  "apps/v1 StatefulSet": { ...workload, spec: { ...workload.spec, updateStrategy: {} } },
  "autoscaling/v1 HorizontalPodAutoscaler": { spec: { scaleTargetRef: {} }, status: {} },
  "autoscaling/v2 HorizontalPodAutoscaler": { spec: { scaleTargetRef: {} }, status: { currentMetrics: null } },
  "batch/v1 CronJob": { spec: { jobTemplate: { metadata: {}, spec: { template } } }, status: {} },
  "batch/v1 Job": { spec: { template }, status: {} },
  "discovery.k8s.io/v1 EndpointSlice": { endpoints: null, ports: null },
  "events.k8s.io/v1 Event": { regarding: {}, deprecatedSource: {} },
  "networking.k8s.io/v1 Ingress": balanced,
  "networking.k8s.io/v1 NetworkPolicy": { spec: { podSelector: {} } },
  "rbac.authorization.k8s.io/v1 ClusterRole": { rules: null },
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding": { roleRef: {} },
  "rbac.authorization.k8s.io/v1 Role": { rules: null },
  "rbac.authorization.k8s.io/v1 RoleBinding": { roleRef: {} },
  "v1 Event": { involvedObject: {}, source: {} },
  "v1 LimitRange": { spec: { limits: null } },
  "v1 Node": { spec: {}, status: { daemonEndpoints: { kubeletEndpoint: {} }, nodeInfo: {} } },
  "v1 PersistentVolumeClaim": { spec: { resources: {} }, status: {} },
  "v1 Pod": { spec: { containers: null }, status: {} },
  "v1 Service": balanced,
};

const builtInGroup = /^(v1|(apps|batch|autoscaling|policy|([^.]+\.)+k8s\.io)\/.*)$/;

/**
 * The maps and lists that are there with a new object of a kind, so that they are nobody's: built-in kinds are read
 * into structures that have some of theirs always; custom kinds have none.
 */
export function emptyObject({ apiVersion, kind }: KubeObject): JsonObject {
  const known = kinds[`${apiVersion} ${kind}`];
  if (isObject(known)) return { metadata: {}, ...known };
  return builtInGroup.test(apiVersion) ? { metadata: {}, spec: {}, status: {} } : { metadata: {} };
}
