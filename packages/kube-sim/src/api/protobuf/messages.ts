import { coreMessages } from "./core-messages.ts";

// Field numbers of the Kubernetes API's protobuf messages: `number name type`, where s is string, b bool, i integer, d double, y bytes,
// [] repeated, {} a map by string and - something that is not read. Left out: the volume sources of single vendors.

/** The messages that clients send, by name. */
export const messages: Readonly<Record<string, string>> = {
  ...coreMessages,
  DeleteOptions:
    "1 gracePeriodSeconds i, 2 preconditions Preconditions, 3 orphanDependents b, 4 propagationPolicy s, 5 dryRun s[], 6 ignoreStoreReadErrorWithClusterBreakingPotential b",
  FieldSelectorRequirement: "1 key s, 2 operator s, 3 values s[]",
  LabelSelector: "1 matchLabels s{}, 2 matchExpressions LabelSelectorRequirement[]",
  LabelSelectorRequirement: "1 key s, 2 operator s, 3 values s[]",
  ManagedFieldsEntry:
    "1 manager s, 2 operation s, 3 apiVersion s, 4 time Time, 6 fieldsType s, 7 fieldsV1 FieldsV1, 8 subresource s",
  ObjectMeta:
    "1 name s, 2 generateName s, 3 namespace s, 4 selfLink s, 5 uid s, 6 resourceVersion s, 7 generation i, 8 creationTimestamp Time, 9 deletionTimestamp Time, 10 deletionGracePeriodSeconds i, 11 labels s{}, 12 annotations s{}, 13 ownerReferences OwnerReference[], 14 finalizers s[], 17 managedFields ManagedFieldsEntry[]",
  OwnerReference: "1 kind s, 3 name s, 4 uid s, 5 apiVersion s, 6 controller b, 7 blockOwnerDeletion b",
  Preconditions: "1 uid s, 2 resourceVersion s",
  "apps/v1.DaemonSet": "1 metadata ObjectMeta, 2 spec apps/v1.DaemonSetSpec, 3 status -",
  "apps/v1.DaemonSetSpec":
    "1 selector LabelSelector, 2 template core/v1.PodTemplateSpec, 3 updateStrategy apps/v1.DaemonSetUpdateStrategy, 4 minReadySeconds i, 6 revisionHistoryLimit i",
  "apps/v1.DaemonSetUpdateStrategy": "1 type s, 2 rollingUpdate apps/v1.RollingUpdateDaemonSet",
  "apps/v1.Deployment": "1 metadata ObjectMeta, 2 spec apps/v1.DeploymentSpec, 3 status -",
  "apps/v1.DeploymentSpec":
    "1 replicas i, 2 selector LabelSelector, 3 template core/v1.PodTemplateSpec, 4 strategy apps/v1.DeploymentStrategy, 5 minReadySeconds i, 6 revisionHistoryLimit i, 7 paused b, 9 progressDeadlineSeconds i",
  "apps/v1.DeploymentStrategy": "1 type s, 2 rollingUpdate apps/v1.RollingUpdateDeployment",
  "apps/v1.ReplicaSet": "1 metadata ObjectMeta, 2 spec apps/v1.ReplicaSetSpec, 3 status -",
  "apps/v1.ReplicaSetSpec":
    "1 replicas i, 2 selector LabelSelector, 3 template core/v1.PodTemplateSpec, 4 minReadySeconds i",
  "apps/v1.RollingUpdateDaemonSet": "1 maxUnavailable IntOrString, 2 maxSurge IntOrString",
  "apps/v1.RollingUpdateDeployment": "1 maxUnavailable IntOrString, 2 maxSurge IntOrString",
  "apps/v1.RollingUpdateStatefulSetStrategy": "1 partition i, 2 maxUnavailable IntOrString",
  "apps/v1.StatefulSet": "1 metadata ObjectMeta, 2 spec apps/v1.StatefulSetSpec, 3 status -",
  "apps/v1.StatefulSetOrdinals": "1 start i",
  "apps/v1.StatefulSetPersistentVolumeClaimRetentionPolicy": "1 whenDeleted s, 2 whenScaled s",
  "apps/v1.StatefulSetSpec":
    "1 replicas i, 2 selector LabelSelector, 3 template core/v1.PodTemplateSpec, 4 volumeClaimTemplates core/v1.PersistentVolumeClaim[], 5 serviceName s, 6 podManagementPolicy s, 7 updateStrategy apps/v1.StatefulSetUpdateStrategy, 8 revisionHistoryLimit i, 9 minReadySeconds i, 10 persistentVolumeClaimRetentionPolicy apps/v1.StatefulSetPersistentVolumeClaimRetentionPolicy, 11 ordinals apps/v1.StatefulSetOrdinals",
  "apps/v1.StatefulSetUpdateStrategy": "1 type s, 2 rollingUpdate apps/v1.RollingUpdateStatefulSetStrategy",
  "authentication/v1.AttestationValue": "1 items s[]",
  "authentication/v1.BoundObjectReference": "1 kind s, 2 apiVersion s, 3 name s, 4 uID s",
  "authentication/v1.SelfSubjectReview": "1 metadata ObjectMeta, 2 status -",
  "authentication/v1.TokenRequest": "1 metadata ObjectMeta, 2 spec authentication/v1.TokenRequestSpec, 3 status -",
  "authentication/v1.TokenRequestSpec":
    "1 audiences s[], 3 boundObjectRef authentication/v1.BoundObjectReference, 4 expirationSeconds i, 5 attestations authentication/v1.AttestationValue{}",
  "authentication/v1.TokenReview": "1 metadata ObjectMeta, 2 spec authentication/v1.TokenReviewSpec, 3 status -",
  "authentication/v1.TokenReviewSpec": "1 token s, 2 audiences s[]",
  "authorization/v1.ExtraValue": "1 items s[]",
  "authorization/v1.FieldSelectorAttributes": "1 rawSelector s, 2 requirements FieldSelectorRequirement[]",
  "authorization/v1.LabelSelectorAttributes": "1 rawSelector s, 2 requirements LabelSelectorRequirement[]",
  "authorization/v1.LocalSubjectAccessReview":
    "1 metadata ObjectMeta, 2 spec authorization/v1.SubjectAccessReviewSpec, 3 status -",
  "authorization/v1.NonResourceAttributes": "1 path s, 2 verb s",
  "authorization/v1.ResourceAttributes":
    "1 namespace s, 2 verb s, 3 group s, 4 version s, 5 resource s, 6 subresource s, 7 name s, 8 fieldSelector authorization/v1.FieldSelectorAttributes, 9 labelSelector authorization/v1.LabelSelectorAttributes",
  "authorization/v1.SelfSubjectAccessReview":
    "1 metadata ObjectMeta, 2 spec authorization/v1.SelfSubjectAccessReviewSpec, 3 status -",
  "authorization/v1.SelfSubjectAccessReviewSpec":
    "1 resourceAttributes authorization/v1.ResourceAttributes, 2 nonResourceAttributes authorization/v1.NonResourceAttributes",
  "authorization/v1.SelfSubjectRulesReview":
    "1 metadata ObjectMeta, 2 spec authorization/v1.SelfSubjectRulesReviewSpec, 3 status -",
  "authorization/v1.SelfSubjectRulesReviewSpec": "1 namespace s",
  "authorization/v1.SubjectAccessReview":
    "1 metadata ObjectMeta, 2 spec authorization/v1.SubjectAccessReviewSpec, 3 status -",
  "authorization/v1.SubjectAccessReviewSpec":
    "1 resourceAttributes authorization/v1.ResourceAttributes, 2 nonResourceAttributes authorization/v1.NonResourceAttributes, 3 user s, 4 groups s[], 5 extra authorization/v1.ExtraValue{}, 6 uid s",
  "autoscaling/v1.CrossVersionObjectReference": "1 kind s, 2 name s, 3 apiVersion s",
  "autoscaling/v1.HorizontalPodAutoscaler":
    "1 metadata ObjectMeta, 2 spec autoscaling/v1.HorizontalPodAutoscalerSpec, 3 status -",
  "autoscaling/v1.HorizontalPodAutoscalerSpec":
    "1 scaleTargetRef autoscaling/v1.CrossVersionObjectReference, 2 minReplicas i, 3 maxReplicas i, 4 targetCPUUtilizationPercentage i",
  "autoscaling/v1.Scale": "1 metadata ObjectMeta, 2 spec autoscaling/v1.ScaleSpec, 3 status -",
  "autoscaling/v1.ScaleSpec": "1 replicas i",
  "autoscaling/v2.ContainerResourceMetricSource": "1 name s, 2 target autoscaling/v2.MetricTarget, 3 container s",
  "autoscaling/v2.CrossVersionObjectReference": "1 kind s, 2 name s, 3 apiVersion s",
  "autoscaling/v2.ExternalMetricSource":
    "1 metric autoscaling/v2.MetricIdentifier, 2 target autoscaling/v2.MetricTarget",
  "autoscaling/v2.HPAScalingPolicy": "1 type s, 2 value i, 3 periodSeconds i",
  "autoscaling/v2.HPAScalingRules":
    "1 selectPolicy s, 2 policies autoscaling/v2.HPAScalingPolicy[], 3 stabilizationWindowSeconds i, 4 tolerance Quantity",
  "autoscaling/v2.HorizontalPodAutoscaler":
    "1 metadata ObjectMeta, 2 spec autoscaling/v2.HorizontalPodAutoscalerSpec, 3 status -",
  "autoscaling/v2.HorizontalPodAutoscalerBehavior":
    "1 scaleUp autoscaling/v2.HPAScalingRules, 2 scaleDown autoscaling/v2.HPAScalingRules",
  "autoscaling/v2.HorizontalPodAutoscalerSpec":
    "1 scaleTargetRef autoscaling/v2.CrossVersionObjectReference, 2 minReplicas i, 3 maxReplicas i, 4 metrics autoscaling/v2.MetricSpec[], 5 behavior autoscaling/v2.HorizontalPodAutoscalerBehavior",
  "autoscaling/v2.MetricIdentifier": "1 name s, 2 selector LabelSelector",
  "autoscaling/v2.MetricSpec":
    "1 type s, 2 object autoscaling/v2.ObjectMetricSource, 3 pods autoscaling/v2.PodsMetricSource, 4 resource autoscaling/v2.ResourceMetricSource, 5 external autoscaling/v2.ExternalMetricSource, 7 containerResource autoscaling/v2.ContainerResourceMetricSource",
  "autoscaling/v2.MetricTarget": "1 type s, 2 value Quantity, 3 averageValue Quantity, 4 averageUtilization i",
  "autoscaling/v2.ObjectMetricSource":
    "1 describedObject autoscaling/v2.CrossVersionObjectReference, 2 target autoscaling/v2.MetricTarget, 3 metric autoscaling/v2.MetricIdentifier",
  "autoscaling/v2.PodsMetricSource": "1 metric autoscaling/v2.MetricIdentifier, 2 target autoscaling/v2.MetricTarget",
  "autoscaling/v2.ResourceMetricSource": "1 name s, 2 target autoscaling/v2.MetricTarget",
  "batch/v1.CronJob": "1 metadata ObjectMeta, 2 spec batch/v1.CronJobSpec, 3 status -",
  "batch/v1.CronJobSpec":
    "1 schedule s, 2 startingDeadlineSeconds i, 3 concurrencyPolicy s, 4 suspend b, 5 jobTemplate batch/v1.JobTemplateSpec, 6 successfulJobsHistoryLimit i, 7 failedJobsHistoryLimit i, 8 timeZone s",
  "batch/v1.Job": "1 metadata ObjectMeta, 2 spec batch/v1.JobSpec, 3 status -",
  "batch/v1.JobSchedulingConfiguration": "",
  "batch/v1.JobSpec":
    "1 parallelism i, 2 completions i, 3 activeDeadlineSeconds i, 4 selector LabelSelector, 5 manualSelector b, 6 template core/v1.PodTemplateSpec, 7 backoffLimit i, 8 ttlSecondsAfterFinished i, 9 completionMode s, 10 suspend b, 11 podFailurePolicy batch/v1.PodFailurePolicy, 12 backoffLimitPerIndex i, 13 maxFailedIndexes i, 14 podReplacementPolicy s, 15 managedBy s, 16 successPolicy batch/v1.SuccessPolicy, 17 scheduling batch/v1.JobSchedulingConfiguration",
  "batch/v1.JobTemplateSpec": "1 metadata ObjectMeta, 2 spec batch/v1.JobSpec",
  "batch/v1.PodFailurePolicy": "1 rules batch/v1.PodFailurePolicyRule[]",
  "batch/v1.PodFailurePolicyOnExitCodesRequirement": "1 containerName s, 2 operator s, 3 values i[]",
  "batch/v1.PodFailurePolicyOnPodConditionsPattern": "1 type s, 2 status s",
  "batch/v1.PodFailurePolicyRule":
    "1 action s, 2 onExitCodes batch/v1.PodFailurePolicyOnExitCodesRequirement, 3 onPodConditions batch/v1.PodFailurePolicyOnPodConditionsPattern[]",
  "batch/v1.SuccessPolicy": "1 rules batch/v1.SuccessPolicyRule[]",
  "batch/v1.SuccessPolicyRule": "1 succeededIndexes s, 2 succeededCount i",
  "coordination/v1.Lease": "1 metadata ObjectMeta, 2 spec coordination/v1.LeaseSpec",
  "coordination/v1.LeaseSpec":
    "1 holderIdentity s, 2 leaseDurationSeconds i, 3 acquireTime MicroTime, 4 renewTime MicroTime, 5 leaseTransitions i, 6 strategy s, 7 preferredHolder s",
  "discovery/v1.Endpoint":
    "1 addresses s[], 2 conditions discovery/v1.EndpointConditions, 3 hostname s, 4 targetRef core/v1.ObjectReference, 5 deprecatedTopology s{}, 6 nodeName s, 7 zone s, 8 hints discovery/v1.EndpointHints",
  "discovery/v1.EndpointConditions": "1 ready b, 2 serving b, 3 terminating b",
  "discovery/v1.EndpointHints": "1 forZones discovery/v1.ForZone[], 2 forNodes discovery/v1.ForNode[]",
  "discovery/v1.EndpointPort": "1 name s, 2 protocol s, 3 port i, 4 appProtocol s",
  "discovery/v1.EndpointSlice":
    "1 metadata ObjectMeta, 2 endpoints discovery/v1.Endpoint[], 3 ports discovery/v1.EndpointPort[], 4 addressType s",
  "discovery/v1.ForNode": "1 name s",
  "discovery/v1.ForZone": "1 name s",
  "events/v1.Event":
    "1 metadata ObjectMeta, 2 eventTime MicroTime, 3 series events/v1.EventSeries, 4 reportingController s, 5 reportingInstance s, 6 action s, 7 reason s, 8 regarding core/v1.ObjectReference, 9 related core/v1.ObjectReference, 10 note s, 11 type s, 12 deprecatedSource core/v1.EventSource, 13 deprecatedFirstTimestamp Time, 14 deprecatedLastTimestamp Time, 15 deprecatedCount i",
  "events/v1.EventSeries": "1 count i, 2 lastObservedTime MicroTime",
  "networking/v1.HTTPIngressPath": "1 path s, 2 backend networking/v1.IngressBackend, 3 pathType s",
  "networking/v1.HTTPIngressRuleValue": "1 paths networking/v1.HTTPIngressPath[]",
  "networking/v1.IPBlock": "1 cidr s, 2 except s[]",
  "networking/v1.Ingress": "1 metadata ObjectMeta, 2 spec networking/v1.IngressSpec, 3 status -",
  "networking/v1.IngressBackend":
    "3 resource core/v1.TypedLocalObjectReference, 4 service networking/v1.IngressServiceBackend",
  "networking/v1.IngressRule": "1 host s, 2 ingressRuleValue networking/v1.IngressRuleValue",
  "networking/v1.IngressRuleValue": "1 http networking/v1.HTTPIngressRuleValue",
  "networking/v1.IngressServiceBackend": "1 name s, 2 port networking/v1.ServiceBackendPort",
  "networking/v1.IngressSpec":
    "1 defaultBackend networking/v1.IngressBackend, 2 tls networking/v1.IngressTLS[], 3 rules networking/v1.IngressRule[], 4 ingressClassName s",
  "networking/v1.IngressTLS": "1 hosts s[], 2 secretName s",
  "networking/v1.NetworkPolicy": "1 metadata ObjectMeta, 2 spec networking/v1.NetworkPolicySpec",
  "networking/v1.NetworkPolicyEgressRule":
    "1 ports networking/v1.NetworkPolicyPort[], 2 to networking/v1.NetworkPolicyPeer[]",
  "networking/v1.NetworkPolicyIngressRule":
    "1 ports networking/v1.NetworkPolicyPort[], 2 from networking/v1.NetworkPolicyPeer[]",
  "networking/v1.NetworkPolicyPeer":
    "1 podSelector LabelSelector, 2 namespaceSelector LabelSelector, 3 ipBlock networking/v1.IPBlock",
  "networking/v1.NetworkPolicyPort": "1 protocol s, 2 port IntOrString, 3 endPort i",
  "networking/v1.NetworkPolicySpec":
    "1 podSelector LabelSelector, 2 ingress networking/v1.NetworkPolicyIngressRule[], 3 egress networking/v1.NetworkPolicyEgressRule[], 4 policyTypes s[]",
  "networking/v1.ServiceBackendPort": "1 name s, 2 number i",
  "policy/v1.Eviction": "1 metadata ObjectMeta, 2 deleteOptions DeleteOptions",
  "policy/v1.PodDisruptionBudget": "1 metadata ObjectMeta, 2 spec policy/v1.PodDisruptionBudgetSpec, 3 status -",
  "policy/v1.PodDisruptionBudgetSpec":
    "1 minAvailable IntOrString, 2 selector LabelSelector, 3 maxUnavailable IntOrString, 4 unhealthyPodEvictionPolicy s",
  "rbac/v1.AggregationRule": "1 clusterRoleSelectors LabelSelector[]",
  "rbac/v1.ClusterRole":
    "1 metadata ObjectMeta, 2 rules rbac/v1.PolicyRule[], 3 aggregationRule rbac/v1.AggregationRule",
  "rbac/v1.ClusterRoleBinding": "1 metadata ObjectMeta, 2 subjects rbac/v1.Subject[], 3 roleRef rbac/v1.RoleRef",
  "rbac/v1.PolicyRule": "1 verbs s[], 2 apiGroups s[], 3 resources s[], 4 resourceNames s[], 5 nonResourceURLs s[]",
  "rbac/v1.Role": "1 metadata ObjectMeta, 2 rules rbac/v1.PolicyRule[]",
  "rbac/v1.RoleBinding": "1 metadata ObjectMeta, 2 subjects rbac/v1.Subject[], 3 roleRef rbac/v1.RoleRef",
  "rbac/v1.RoleRef": "1 apiGroup s, 2 kind s, 3 name s",
  "rbac/v1.Subject": "1 kind s, 2 apiGroup s, 3 name s, 4 namespace s",
  "scheduling/v1.PriorityClass":
    "1 metadata ObjectMeta, 2 value i, 3 globalDefault b, 4 description s, 5 preemptionPolicy s",
  "storage/v1.StorageClass":
    "1 metadata ObjectMeta, 2 provisioner s, 3 parameters s{}, 4 reclaimPolicy s, 5 mountOptions s[], 6 allowVolumeExpansion b, 7 volumeBindingMode s, 8 allowedTopologies core/v1.TopologySelectorTerm[]",
};
