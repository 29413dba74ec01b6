export { type ApiPassage, createApiPassage, type PassedAnswer, type PassedRequest } from "./api-passage.ts";
export type {
  ApplyOptions,
  DeleteOptions,
  JsonPatch,
  JsonPatchOperation,
  KubeClient,
  ListOptions,
  ListResult,
  Log,
  ObjectRef,
  PatchOptions,
  RawResponse,
  WatchEvent,
  WatchOptions,
} from "./client.ts";
export { createKubeClient, type KubeClientOptions } from "./create-client.ts";
export { kubeconfigContexts } from "./http/kubeconfig.ts";
export { createEventRecorder, type EventNote, type EventRecorder } from "./event-recorder.ts";
export { createInformer, type Informer, type InformerOptions, type InformerState } from "./informer.ts";
export type { InformerEvent } from "./informer-store.ts";
export { isKubeError, KubeError, type KubeErrorCode } from "./kube-error.ts";
export type {
  Condition,
  KubeObject,
  LabelSelector,
  LocalObjectReference,
  ManagedFields,
  ObjectMeta,
  ObjectReference,
  OwnerReference,
  Status,
  UnstructuredObject,
} from "./object.ts";
export type { HorizontalPodAutoscaler, Scale } from "./objects/autoscaling.ts";
export type { ConfigMap, CustomResourceDefinition, Namespace, Secret } from "./objects/configuration.ts";
export type { KubeEvent, Lease } from "./objects/coordination.ts";
export type {
  BackendObjectReference,
  EndpointSlice,
  Gateway,
  GatewayListener,
  HTTPBackendRef,
  HTTPHeader,
  HTTPRoute,
  HTTPRouteFilter,
  HTTPRouteMatch,
  HTTPRouteRule,
  ParentReference,
  Service,
  ServicePort,
} from "./objects/network.ts";
export type {
  Container,
  ContainerPort,
  DaemonSet,
  DaemonSetStatus,
  Deployment,
  DeploymentSpec,
  DeploymentStatus,
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  Pod,
  PodSpec,
  PodStatus,
  PodTemplateSpec,
  Probe,
  ReplicaSet,
  Toleration,
  Volume,
  VolumeMount,
} from "./objects/workloads.ts";
export { kubeOptions } from "./kube-options.ts";
export { createKubeClientFromConfig, type KubeConfigValues, kubeAccessCheck } from "./options.ts";
export { ownerReference } from "./owner-reference.ts";
export { type CheckedObject, type ReportSpecProblemsOptions, reportSpecProblems } from "./report-spec-problems.ts";
export { apiVersionOf, type Resource, resource, resources } from "./resource.ts";
export { createShardLeases, type ShardLeases, type ShardLeasesOptions } from "./shard-leases.ts";
export { createWorkQueue, type WorkQueue, type WorkQueueMetrics, type WorkQueueOptions } from "./work-queue.ts";
export { workQueueMetrics } from "./work-queue-metrics.ts";
