/** Types of the built-in kinds, by name: the type of each field, then the fields of that type. See built-in-types.ts. */
export const secondTypes = `
JobStatus = UncountedTerminatedPods: uncountedTerminatedPods; [JobCondition]: conditions; i: active failed ready
  succeeded terminating; s: completedIndexes failedIndexes; t: completionTime startTime
JobTemplateSpec = JobSpec: spec; ObjectMeta: metadata
KeyToPath = i: mode; s: key path
LabelSelector = [LabelSelectorRequirement]: matchExpressions; {s}: matchLabels
LabelSelectorRequirement = [s]: values; s: key operator
Lease = LeaseSpec: spec; ObjectMeta: metadata
LeaseSpec = i: leaseDurationSeconds leaseTransitions; m: acquireTime renewTime; s: holderIdentity preferredHolder
  strategy
Lifecycle = LifecycleHandler: postStart preStop; s: stopSignal
LifecycleHandler = ExecAction: exec; HTTPGetAction: httpGet; SleepAction: sleep; TCPSocketAction: tcpSocket
LimitRange = LimitRangeSpec: spec; ObjectMeta: metadata
LimitRangeItem = s: type; {q}: default defaultRequest max maxLimitRequestRatio min
LimitRangeSpec = [LimitRangeItem]!: limits
LinuxContainerUser = [l]: supplementalGroups; l: gid uid
LoadBalancerIngress = [PortStatus]: ports; s: hostname ip ipMode
LoadBalancerStatus = [LoadBalancerIngress]: ingress
LocalObjectReference = s: name
MatchCondition = s: expression name
MetricIdentifier = LabelSelector: selector; s: name
MetricSpec = ContainerResourceMetricSource: containerResource; ExternalMetricSource: external; ObjectMetricSource:
  object; PodsMetricSource: pods; ResourceMetricSource: resource; s: type
MetricStatus = ContainerResourceMetricStatus: containerResource; ExternalMetricStatus: external; ObjectMetricStatus:
  object; PodsMetricStatus: pods; ResourceMetricStatus: resource; s: type
MetricTarget = i: averageUtilization; q: averageValue value; s: type
MetricValueStatus = i: averageUtilization; q: averageValue value
ModifyVolumeStatus = s: status targetVolumeAttributesClassName
MutatingWebhook = LabelSelector: namespaceSelector objectSelector; WebhookClientConfig: clientConfig;
  [MatchCondition]: matchConditions; [RuleWithOperations]: rules; [s]!: admissionReviewVersions; i: timeoutSeconds; s:
  failurePolicy matchPolicy name reinvocationPolicy sideEffects
MutatingWebhookConfiguration = ObjectMeta: metadata; [MutatingWebhook]: webhooks
Namespace = NamespaceSpec: spec; NamespaceStatus: status; ObjectMeta: metadata
NamespaceCondition = s: message reason status type; t: lastTransitionTime
NamespaceSpec = [s]: finalizers
NamespaceStatus = [NamespaceCondition]: conditions; s: phase
NetworkPolicy = NetworkPolicySpec: spec; ObjectMeta: metadata
NetworkPolicyEgressRule = [NetworkPolicyPeer]: to; [NetworkPolicyPort]: ports
NetworkPolicyIngressRule = [NetworkPolicyPeer]: from; [NetworkPolicyPort]: ports
NetworkPolicyPeer = IPBlock: ipBlock; LabelSelector: namespaceSelector podSelector
NetworkPolicyPort = i: endPort; o: port; s: protocol
NetworkPolicySpec = LabelSelector: podSelector; [NetworkPolicyEgressRule]: egress; [NetworkPolicyIngressRule]:
  ingress; [s]: policyTypes
Node = NodeSpec: spec; NodeStatus: status; ObjectMeta: metadata
NodeAddress = s: address type
NodeAffinity = NodeSelector: requiredDuringSchedulingIgnoredDuringExecution; [PreferredSchedulingTerm]:
  preferredDuringSchedulingIgnoredDuringExecution
NodeAllocatableResourceClaimStatus = [s]: containers; s: resourceClaimName; {q}!: resources
NodeCondition = s: message reason status type; t: lastHeartbeatTime lastTransitionTime
NodeConfigSource = ConfigMapNodeConfigSource: configMap
NodeConfigStatus = NodeConfigSource: active assigned lastKnownGood; s: error
NodeDaemonEndpoints = DaemonEndpoint: kubeletEndpoint
NodeFeatures = b: supplementalGroupsPolicy
NodeRuntimeHandler = NodeRuntimeHandlerFeatures: features; s: name
NodeRuntimeHandlerFeatures = b: recursiveReadOnlyMounts userNamespaces
NodeSelector = [NodeSelectorTerm]!: nodeSelectorTerms
NodeSelectorRequirement = [s]: values; s: key operator
NodeSelectorTerm = [NodeSelectorRequirement]: matchExpressions matchFields
NodeSpec = NodeConfigSource: configSource; [Taint]: taints; [s]: podCIDRs; b: unschedulable; s: externalID podCIDR
  providerID
NodeStatus = NodeConfigStatus: config; NodeDaemonEndpoints: daemonEndpoints; NodeFeatures: features; NodeSystemInfo:
  nodeInfo; [AttachedVolume]: volumesAttached; [ContainerImage]: images; [NodeAddress]: addresses; [NodeCondition]:
  conditions; [NodeRuntimeHandler]: runtimeHandlers; [s]: declaredFeatures volumesInUse; s: phase; {q}: allocatable
  capacity
NodeSwapStatus = l: capacity
NodeSystemInfo = NodeSwapStatus: swap; s: architecture bootID containerRuntimeVersion kernelVersion kubeProxyVersion
  kubeletVersion machineID operatingSystem osImage systemUUID
ObjectFieldSelector = s: apiVersion fieldPath
ObjectMeta = [OwnerReference]: ownerReferences; [j]: managedFields; [s]: finalizers; l: deletionGracePeriodSeconds
  generation; s: generateName name namespace resourceVersion selfLink uid; t: creationTimestamp deletionTimestamp;
  {s}: annotations labels
ObjectMetricSource = CrossVersionObjectReference: describedObject; MetricIdentifier: metric; MetricTarget: target
ObjectMetricStatus = CrossVersionObjectReference: describedObject; MetricIdentifier: metric; MetricValueStatus:
  current
ObjectReference = s: apiVersion fieldPath kind name namespace resourceVersion uid
OwnerReference = b: blockOwnerDeletion controller; s: apiVersion kind name uid
PersistentVolume = ObjectMeta: metadata; PersistentVolumeSpec: spec; PersistentVolumeStatus: status
PersistentVolumeClaim = ObjectMeta: metadata; PersistentVolumeClaimSpec: spec; PersistentVolumeClaimStatus: status
PersistentVolumeClaimCondition = s: message reason status type; t: lastProbeTime lastTransitionTime
PersistentVolumeClaimSpec = LabelSelector: selector; TypedLocalObjectReference: dataSource; TypedObjectReference:
  dataSourceRef; VolumeResourceRequirements: resources; [s]: accessModes; s: storageClassName
  volumeAttributesClassName volumeMode volumeName
PersistentVolumeClaimStatus = ModifyVolumeStatus: modifyVolumeStatus; [PersistentVolumeClaimCondition]: conditions;
  [s]: accessModes; s: currentVolumeAttributesClassName phase; {q}: allocatedResources capacity; {s}:
  allocatedResourceStatuses
PersistentVolumeClaimTemplate = ObjectMeta: metadata; PersistentVolumeClaimSpec: spec
PersistentVolumeClaimVolumeSource = b: readOnly; s: claimName
PersistentVolumeSpec = HostPathVolumeSource: hostPath; ObjectReference: claimRef; VolumeNodeAffinity: nodeAffinity;
  [s]: accessModes mountOptions; j: awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker
  gcePersistentDisk glusterfs iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos
  vsphereVolume; s: persistentVolumeReclaimPolicy storageClassName volumeAttributesClassName volumeMode; {q}: capacity
PersistentVolumeStatus = s: message phase reason; t: lastPhaseTransitionTime
Pod = ObjectMeta: metadata; PodSpec: spec; PodStatus: status
PodAffinity = [PodAffinityTerm]: requiredDuringSchedulingIgnoredDuringExecution; [WeightedPodAffinityTerm]:
  preferredDuringSchedulingIgnoredDuringExecution
PodAffinityTerm = LabelSelector: labelSelector namespaceSelector; [s]: matchLabelKeys mismatchLabelKeys namespaces; s:
  topologyKey
PodAntiAffinity = [PodAffinityTerm]: requiredDuringSchedulingIgnoredDuringExecution; [WeightedPodAffinityTerm]:
  preferredDuringSchedulingIgnoredDuringExecution
PodCertificateProjection = i: maxExpirationSeconds; s: certificateChainPath credentialBundlePath keyPath keyType
  signerName; {s}: userAnnotations
PodCondition = l: observedGeneration; s: message reason status type; t: lastProbeTime lastTransitionTime
PodDNSConfig = [PodDNSConfigOption]: options; [s]: nameservers searches
PodDNSConfigOption = s: name value
PodDisruptionBudget = ObjectMeta: metadata; PodDisruptionBudgetSpec: spec; PodDisruptionBudgetStatus: status
PodDisruptionBudgetSpec = LabelSelector: selector; o: maxUnavailable minAvailable; s: unhealthyPodEvictionPolicy
PodDisruptionBudgetStatus = [Condition]: conditions; i: currentHealthy desiredHealthy disruptionsAllowed expectedPods;
  l: observedGeneration; {t}: disruptedPods
PodExtendedResourceClaimStatus = [ContainerExtendedResourceRequest]!: requestMappings; s: resourceClaimName
PodFailurePolicy = [PodFailurePolicyRule]!: rules
PodFailurePolicyOnExitCodesRequirement = [i]!: values; s: containerName operator
PodFailurePolicyOnPodConditionsPattern = s: status type
PodFailurePolicyRule = PodFailurePolicyOnExitCodesRequirement: onExitCodes; [PodFailurePolicyOnPodConditionsPattern]:
  onPodConditions; s: action
PodIP = s: ip
PodOS = s: name
PodReadinessGate = s: conditionType
PodResourceClaim = s: name resourceClaimName resourceClaimTemplateName
PodResourceClaimStatus = s: name resourceClaimName
PodSchedulingGate = s: name
PodSchedulingGroup = s: podGroupName
PodSecurityContext = AppArmorProfile: appArmorProfile; SELinuxOptions: seLinuxOptions; SeccompProfile: seccompProfile;
  WindowsSecurityContextOptions: windowsOptions; [Sysctl]: sysctls; [l]: supplementalGroups; b: runAsNonRoot; l:
  fsGroup runAsGroup runAsUser; s: fsGroupChangePolicy seLinuxChangePolicy supplementalGroupsPolicy
PodSpec = Affinity: affinity; PodDNSConfig: dnsConfig; PodOS: os; PodSchedulingGroup: schedulingGroup;
  PodSecurityContext: securityContext; ResourceRequirements: resources; [Container]: initContainers; [Container]!:
  containers; [EphemeralContainer]: ephemeralContainers; [HostAlias]: hostAliases; [LocalObjectReference]:
  imagePullSecrets; [PodReadinessGate]: readinessGates; [PodResourceClaim]: resourceClaims; [PodSchedulingGate]:
  schedulingGates; [Toleration]: tolerations; [TopologySpreadConstraint]: topologySpreadConstraints; [Volume]:
  volumes; b: automountServiceAccountToken enableServiceLinks hostIPC hostNetwork hostPID hostUsers setHostnameAsFQDN
  shareProcessNamespace; i: priority; l: activeDeadlineSeconds terminationGracePeriodSeconds; s: dnsPolicy hostname
  hostnameOverride nodeName preemptionPolicy priorityClassName restartPolicy runtimeClassName schedulerName
  serviceAccount serviceAccountName subdomain; {q}: overhead; {s}: nodeSelector
`;
