/** Types of the built-in kinds, by name: the type of each field, then the fields of that type. See built-in-types.ts. */
export const thirdTypes = `
PodStatus = PodExtendedResourceClaimStatus: extendedResourceClaimStatus; ResourceRequirements: resources;
  [ContainerStatus]: containerStatuses ephemeralContainerStatuses initContainerStatuses; [HostIP]: hostIPs;
  [NodeAllocatableResourceClaimStatus]: nodeAllocatableResourceClaimStatuses; [PodCondition]: conditions; [PodIP]:
  podIPs; [PodResourceClaimStatus]: resourceClaimStatuses; l: observedGeneration; s: hostIP message nominatedNodeName
  phase podIP qosClass reason resize; t: startTime; {q}: allocatedResources
PodTemplateSpec = ObjectMeta: metadata; PodSpec: spec
PodsMetricSource = MetricIdentifier: metric; MetricTarget: target
PodsMetricStatus = MetricIdentifier: metric; MetricValueStatus: current
PolicyRule = [s]: apiGroups nonResourceURLs resourceNames resources; [s]!: verbs
PortStatus = i: port; s: error protocol
PreferredSchedulingTerm = NodeSelectorTerm: preference; i: weight
PriorityClass = ObjectMeta: metadata; b: globalDefault; i: value; s: description preemptionPolicy
Probe = ExecAction: exec; GRPCAction: grpc; HTTPGetAction: httpGet; TCPSocketAction: tcpSocket; i: failureThreshold
  initialDelaySeconds periodSeconds successThreshold timeoutSeconds; l: terminationGracePeriodSeconds
ProjectedVolumeSource = [VolumeProjection]: sources; i: defaultMode
ReplicaSet = ObjectMeta: metadata; ReplicaSetSpec: spec; ReplicaSetStatus: status
ReplicaSetCondition = s: message reason status type; t: lastTransitionTime
ReplicaSetSpec = LabelSelector: selector; PodTemplateSpec: template; i: minReadySeconds replicas
ReplicaSetStatus = [ReplicaSetCondition]: conditions; i: availableReplicas fullyLabeledReplicas readyReplicas replicas
  terminatingReplicas; l: observedGeneration
ReplicationController = ObjectMeta: metadata; ReplicationControllerSpec: spec; ReplicationControllerStatus: status
ReplicationControllerCondition = s: message reason status type; t: lastTransitionTime
ReplicationControllerSpec = PodTemplateSpec: template; i: minReadySeconds replicas; {s}: selector
ReplicationControllerStatus = [ReplicationControllerCondition]: conditions; i: availableReplicas fullyLabeledReplicas
  readyReplicas replicas; l: observedGeneration
ResourceClaim = s: name request
ResourceFieldSelector = q: divisor; s: containerName resource
ResourceHealth = s: health message resourceID
ResourceMetricSource = MetricTarget: target; s: name
ResourceMetricStatus = MetricValueStatus: current; s: name
ResourceQuota = ObjectMeta: metadata; ResourceQuotaSpec: spec; ResourceQuotaStatus: status
ResourceQuotaSpec = ScopeSelector: scopeSelector; [s]: scopes; {q}: hard
ResourceQuotaStatus = {q}: hard used
ResourceRequirements = [ResourceClaim]: claims; {q}: limits requests
ResourceStatus = [ResourceHealth]: resources; s: name
Role = ObjectMeta: metadata; [PolicyRule]: rules
RoleBinding = ObjectMeta: metadata; RoleRef: roleRef; [Subject]: subjects
RoleRef = s: apiGroup kind name
RollingUpdateDaemonSet = o: maxSurge maxUnavailable
RollingUpdateDeployment = o: maxSurge maxUnavailable
RollingUpdateStatefulSetStrategy = i: partition; o: maxUnavailable
RuleWithOperations = [s]: apiGroups apiVersions operations resources; s: scope
SELinuxOptions = s: level role type user
ScopeSelector = [ScopedResourceSelectorRequirement]: matchExpressions
ScopedResourceSelectorRequirement = [s]: values; s: operator scopeName
SeccompProfile = s: localhostProfile type
Secret = ObjectMeta: metadata; b: immutable; s: type; {s}: stringData; {x}: data
SecretEnvSource = b: optional; s: name
SecretKeySelector = b: optional; s: key name
SecretProjection = [KeyToPath]: items; b: optional; s: name
SecretVolumeSource = [KeyToPath]: items; b: optional; i: defaultMode; s: secretName
SecurityContext = AppArmorProfile: appArmorProfile; Capabilities: capabilities; SELinuxOptions: seLinuxOptions;
  SeccompProfile: seccompProfile; WindowsSecurityContextOptions: windowsOptions; b: allowPrivilegeEscalation
  privileged readOnlyRootFilesystem runAsNonRoot; l: runAsGroup runAsUser; s: procMount
Service = ObjectMeta: metadata; ServiceSpec: spec; ServiceStatus: status
ServiceAccount = ObjectMeta: metadata; [LocalObjectReference]: imagePullSecrets; [ObjectReference]: secrets; b:
  automountServiceAccountToken
ServiceAccountTokenProjection = l: expirationSeconds; s: audience path
ServiceBackendPort = i: number; s: name
ServicePort = i: nodePort port; o: targetPort; s: appProtocol name protocol
ServiceReference = i: port; s: name namespace path
ServiceSpec = SessionAffinityConfig: sessionAffinityConfig; [ServicePort]: ports; [s]: clusterIPs externalIPs
  ipFamilies loadBalancerSourceRanges; b: allocateLoadBalancerNodePorts publishNotReadyAddresses; i:
  healthCheckNodePort; s: clusterIP externalName externalTrafficPolicy internalTrafficPolicy ipFamilyPolicy
  loadBalancerClass loadBalancerIP sessionAffinity trafficDistribution type; {s}: selector
ServiceStatus = LoadBalancerStatus: loadBalancer; [Condition]: conditions
SessionAffinityConfig = ClientIPConfig: clientIP
SleepAction = l: seconds
StatefulSet = ObjectMeta: metadata; StatefulSetSpec: spec; StatefulSetStatus: status
StatefulSetCondition = s: message reason status type; t: lastTransitionTime
StatefulSetOrdinals = i: start
StatefulSetPersistentVolumeClaimRetentionPolicy = s: whenDeleted whenScaled
StatefulSetSpec = LabelSelector: selector; PodTemplateSpec: template; StatefulSetOrdinals: ordinals;
  StatefulSetPersistentVolumeClaimRetentionPolicy: persistentVolumeClaimRetentionPolicy; StatefulSetUpdateStrategy:
  updateStrategy; [PersistentVolumeClaim]: volumeClaimTemplates; i: minReadySeconds replicas revisionHistoryLimit; s:
  podManagementPolicy serviceName
StatefulSetStatus = [StatefulSetCondition]: conditions; i: availableReplicas collisionCount currentReplicas
  readyReplicas replicas updatedReplicas; l: observedGeneration; s: currentRevision updateRevision
StatefulSetUpdateStrategy = RollingUpdateStatefulSetStrategy: rollingUpdate; s: type
StorageClass = ObjectMeta: metadata; [TopologySelectorTerm]: allowedTopologies; [s]: mountOptions; b:
  allowVolumeExpansion; s: provisioner reclaimPolicy volumeBindingMode; {s}: parameters
Subject = s: apiGroup kind name namespace
SuccessPolicy = [SuccessPolicyRule]!: rules
SuccessPolicyRule = i: succeededCount; s: succeededIndexes
Sysctl = s: name value
TCPSocketAction = o: port; s: host
Taint = s: effect key value; t: timeAdded
Toleration = l: tolerationSeconds; s: effect key operator value
TopologySelectorLabelRequirement = [s]!: values; s: key
TopologySelectorTerm = [TopologySelectorLabelRequirement]: matchLabelExpressions
TopologySpreadConstraint = LabelSelector: labelSelector; [s]: matchLabelKeys; i: maxSkew minDomains; s:
  nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable
TypedLocalObjectReference = s: apiGroup kind name
TypedObjectReference = s: apiGroup kind name namespace
UncountedTerminatedPods = [s]: failed succeeded
ValidatingWebhook = LabelSelector: namespaceSelector objectSelector; WebhookClientConfig: clientConfig;
  [MatchCondition]: matchConditions; [RuleWithOperations]: rules; [s]!: admissionReviewVersions; i: timeoutSeconds; s:
  failurePolicy matchPolicy name sideEffects
ValidatingWebhookConfiguration = ObjectMeta: metadata; [ValidatingWebhook]: webhooks
Volume = ConfigMapVolumeSource: configMap; DownwardAPIVolumeSource: downwardAPI; EmptyDirVolumeSource: emptyDir;
  EphemeralVolumeSource: ephemeral; HostPathVolumeSource: hostPath; PersistentVolumeClaimVolumeSource:
  persistentVolumeClaim; ProjectedVolumeSource: projected; SecretVolumeSource: secret; j: awsElasticBlockStore
  azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk gitRepo glusterfs image iscsi nfs
  photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume; s: name
VolumeDevice = s: devicePath name
VolumeMount = b: readOnly; s: mountPath mountPropagation name recursiveReadOnly subPath subPathExpr
VolumeMountStatus = VolumeStatus: volumeStatus; b: readOnly; s: mountPath name recursiveReadOnly
VolumeNodeAffinity = NodeSelector: required
VolumeProjection = ClusterTrustBundleProjection: clusterTrustBundle; ConfigMapProjection: configMap;
  DownwardAPIProjection: downwardAPI; PodCertificateProjection: podCertificate; SecretProjection: secret;
  ServiceAccountTokenProjection: serviceAccountToken
VolumeResourceRequirements = {q}: limits requests
VolumeStatus = ImageVolumeStatus: image
WebhookClientConfig = ServiceReference: service; s: url; x: caBundle
WeightedPodAffinityTerm = PodAffinityTerm: podAffinityTerm; i: weight
WindowsSecurityContextOptions = b: hostProcess; s: gmsaCredentialSpec gmsaCredentialSpecName runAsUserName
autoscaling.v1.CrossVersionObjectReference = s: apiVersion kind name
autoscaling.v1.HorizontalPodAutoscaler = ObjectMeta: metadata; autoscaling.v1.HorizontalPodAutoscalerSpec: spec;
  autoscaling.v1.HorizontalPodAutoscalerStatus: status
autoscaling.v1.HorizontalPodAutoscalerSpec = autoscaling.v1.CrossVersionObjectReference: scaleTargetRef; i:
  maxReplicas minReplicas targetCPUUtilizationPercentage
autoscaling.v1.HorizontalPodAutoscalerStatus = i: currentCPUUtilizationPercentage currentReplicas desiredReplicas; l:
  observedGeneration; t: lastScaleTime
events.v1.Event = EventSource: deprecatedSource; ObjectMeta: metadata; ObjectReference: regarding related;
  events.v1.EventSeries: series; i: deprecatedCount; m: eventTime; s: action note reason reportingController
  reportingInstance type; t: deprecatedFirstTimestamp deprecatedLastTimestamp
events.v1.EventSeries = i: count; m: lastObservedTime
`;
