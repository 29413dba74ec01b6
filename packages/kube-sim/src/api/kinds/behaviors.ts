import type { ResourceDefinition } from "../resource.ts";
import {
  autoscalerV1FromStored,
  autoscalerV1ToStored,
  completeAutoscaler,
  defaultAutoscaler,
  defaultAutoscalerV1,
} from "./autoscalers.ts";
import { completeRole, defaultRoleBinding, validateRole, validateRoleBinding } from "./access-rules.ts";
import { completeJob, defaultCronJob, defaultJob } from "./batch.ts";
import * as cluster from "./cluster.ts";
import { completeEvent, newEventFromStored, newEventToStored } from "./events.ts";
import { defaultEndpointSlice, defaultEndpoints, defaultIngressClass, defaultNetworkPolicy } from "./network.ts";
import {
  completeService,
  defaultSecret,
  defaultService,
  validateData,
  validateSecret,
  validateService,
} from "./services.ts";
import { warningsOf } from "./kind-warnings.ts";
import { objectRules, validateAutoscaler } from "./object-rules.ts";
import * as storage from "./storage.ts";
import { defaultWebhooks, validateWebhooks } from "./webhook-configurations.ts";
import * as workloads from "./workloads.ts";

/** What a kind does besides being stored. */
type Behavior = Partial<
  Pick<ResourceDefinition, "defaults" | "complete" | "validate" | "warnings" | "fromStored" | "toStored">
>;

const { completeStatus, validateWorkload } = workloads;
const webhooks = { defaults: defaultWebhooks, validate: validateWebhooks };
const role = { complete: completeRole, validate: validateRole };
const roleBinding = { defaults: defaultRoleBinding, validate: validateRoleBinding };
const healthy = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

const own: Readonly<Record<string, Behavior>> = {
  "v1 namespaces": { defaults: cluster.defaultNamespace, complete: cluster.completeNamespace },
  "v1 nodes": { defaults: cluster.defaultNode, complete: cluster.completeNode },
  "v1 pods": { defaults: workloads.defaultPod, complete: workloads.completePod, validate: workloads.validatePod },
  "v1 services": { defaults: defaultService, complete: completeService, validate: validateService },
  "v1 endpoints": { defaults: defaultEndpoints },
  "v1 configmaps": { validate: validateData },
  "v1 secrets": { defaults: defaultSecret, validate: validateSecret },
  "v1 events": { complete: completeEvent },
  "v1 persistentvolumeclaims": { defaults: storage.defaultClaim, complete: storage.completePending },
  "v1 persistentvolumes": { defaults: storage.defaultVolumeObject, complete: storage.completePending },
  "v1 resourcequotas": { defaults: storage.defaultQuota, complete: completeStatus({}) },
  "v1 limitranges": { defaults: storage.defaultLimits },
  "v1 replicationcontrollers": {
    defaults: workloads.defaultReplicationController,
    complete: completeStatus({ replicas: 0 }),
  },
  "apps/v1 deployments": {
    ...{ defaults: workloads.defaultDeployment, complete: completeStatus({}), validate: validateWorkload },
  },
  "apps/v1 replicasets": {
    ...{ defaults: workloads.defaultReplicaSet, complete: completeStatus({ replicas: 0 }), validate: validateWorkload },
  },
  "apps/v1 statefulsets": {
    defaults: workloads.defaultStatefulSet,
    complete: workloads.completeStatefulSet,
    validate: validateWorkload,
  },
  "apps/v1 daemonsets": {
    defaults: workloads.defaultDaemonSet,
    complete: workloads.completeDaemonSet,
    validate: validateWorkload,
  },
  "batch/v1 jobs": { defaults: defaultJob, complete: completeJob },
  "batch/v1 cronjobs": { defaults: defaultCronJob, complete: completeStatus({}) },
  "networking.k8s.io/v1 ingresses": { complete: completeStatus({ loadBalancer: {} }) },
  "networking.k8s.io/v1 ingressclasses": { defaults: defaultIngressClass },
  "networking.k8s.io/v1 networkpolicies": { defaults: defaultNetworkPolicy },
  "discovery.k8s.io/v1 endpointslices": { defaults: defaultEndpointSlice },
  "autoscaling/v2 horizontalpodautoscalers": {
    ...{ defaults: defaultAutoscaler, complete: completeAutoscaler, validate: validateAutoscaler },
  },
  "autoscaling/v1 horizontalpodautoscalers": {
    ...{ defaults: defaultAutoscalerV1, complete: completeAutoscaler, validate: validateAutoscaler },
    ...{ fromStored: autoscalerV1FromStored, toStored: autoscalerV1ToStored },
  },
  "policy/v1 poddisruptionbudgets": { complete: completeStatus(healthy) },
  "rbac.authorization.k8s.io/v1 roles": role,
  "rbac.authorization.k8s.io/v1 clusterroles": role,
  "rbac.authorization.k8s.io/v1 rolebindings": roleBinding,
  "rbac.authorization.k8s.io/v1 clusterrolebindings": roleBinding,
  "coordination.k8s.io/v1 leases": { complete: cluster.completeLease },
  "storage.k8s.io/v1 storageclasses": { defaults: storage.defaultStorageClass },
  "scheduling.k8s.io/v1 priorityclasses": { defaults: cluster.defaultPriorityClass },
  "admissionregistration.k8s.io/v1 mutatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/v1 validatingwebhookconfigurations": webhooks,
  "apiregistration.k8s.io/v1 apiservices": { defaults: cluster.defaultApiService, complete: completeStatus({}) },
  "events.k8s.io/v1 events": {
    ...{ complete: completeEvent, fromStored: newEventFromStored, toStored: newEventToStored },
  },
};

/** What the kind of this version and plural does. */
export function behaviorOf(id: string): Behavior {
  const validate = objectRules[id];
  const warnings = warningsOf(id);
  return { ...(validate && { validate }), ...(warnings && { warnings }), ...own[id] };
}
