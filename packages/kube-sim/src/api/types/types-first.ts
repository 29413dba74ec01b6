/** Types of the built-in kinds, by name: the type of each field, then the fields of that type. See built-in-types.ts. */
export const firstTypes = `
Affinity = NodeAffinity: nodeAffinity; PodAffinity: podAffinity; PodAntiAffinity: podAntiAffinity
AggregationRule = [LabelSelector]: clusterRoleSelectors
AppArmorProfile = s: localhostProfile type
AttachedVolume = s: devicePath name
Capabilities = [s]: add drop
ClientIPConfig = i: timeoutSeconds
ClusterRole = AggregationRule: aggregationRule; ObjectMeta: metadata; [PolicyRule]: rules
ClusterRoleBinding = ObjectMeta: metadata; RoleRef: roleRef; [Subject]: subjects
ClusterTrustBundleProjection = LabelSelector: labelSelector; b: optional; s: name path signerName
Condition = l: observedGeneration; s: message reason status type; t: lastTransitionTime
ConfigMap = ObjectMeta: metadata; b: immutable; {s}: data; {x}: binaryData
ConfigMapEnvSource = b: optional; s: name
ConfigMapKeySelector = b: optional; s: key name
ConfigMapNodeConfigSource = s: kubeletConfigKey name namespace resourceVersion uid
ConfigMapProjection = [KeyToPath]: items; b: optional; s: name
ConfigMapVolumeSource = [KeyToPath]: items; b: optional; i: defaultMode; s: name
Container = Lifecycle: lifecycle; Probe: livenessProbe readinessProbe startupProbe; ResourceRequirements: resources;
  SecurityContext: securityContext; [ContainerPort]: ports; [ContainerResizePolicy]: resizePolicy;
  [ContainerRestartRule]: restartPolicyRules; [EnvFromSource]: envFrom; [EnvVar]: env; [VolumeDevice]: volumeDevices;
  [VolumeMount]: volumeMounts; [s]: args command; b: stdin stdinOnce tty; s: image imagePullPolicy name restartPolicy
  terminationMessagePath terminationMessagePolicy workingDir
ContainerExtendedResourceRequest = s: containerName requestName resourceName
ContainerImage = [s]: names; l: sizeBytes
ContainerPort = i: containerPort hostPort; s: hostIP name protocol
ContainerResizePolicy = s: resourceName restartPolicy
ContainerResourceMetricSource = MetricTarget: target; s: container name
ContainerResourceMetricStatus = MetricValueStatus: current; s: container name
ContainerRestartRule = ContainerRestartRuleOnExitCodes: exitCodes; s: action
ContainerRestartRuleOnExitCodes = [i]: values; s: operator
ContainerState = ContainerStateRunning: running; ContainerStateTerminated: terminated; ContainerStateWaiting: waiting
ContainerStateRunning = t: startedAt
ContainerStateTerminated = i: exitCode signal; s: containerID message reason; t: finishedAt startedAt
ContainerStateWaiting = s: message reason
ContainerStatus = ContainerState: lastState state; ContainerUser: user; ResourceRequirements: resources;
  [ResourceStatus]: allocatedResourcesStatus; [VolumeMountStatus]: volumeMounts; b: ready started; i: restartCount; s:
  containerID image imageID name stopSignal; {q}: allocatedResources
ContainerUser = LinuxContainerUser: linux
ControllerRevision = ObjectMeta: metadata; j: data; l: revision
CronJob = CronJobSpec: spec; CronJobStatus: status; ObjectMeta: metadata
CronJobSpec = JobTemplateSpec: jobTemplate; b: suspend; i: failedJobsHistoryLimit successfulJobsHistoryLimit; l:
  startingDeadlineSeconds; s: concurrencyPolicy schedule timeZone
CronJobStatus = [ObjectReference]: active; t: lastScheduleTime lastSuccessfulTime
CrossVersionObjectReference = s: apiVersion kind name
DaemonEndpoint = i: Port
DaemonSet = DaemonSetSpec: spec; DaemonSetStatus: status; ObjectMeta: metadata
DaemonSetCondition = s: message reason status type; t: lastTransitionTime
DaemonSetSpec = DaemonSetUpdateStrategy: updateStrategy; LabelSelector: selector; PodTemplateSpec: template; i:
  minReadySeconds revisionHistoryLimit
DaemonSetStatus = [DaemonSetCondition]: conditions; i: collisionCount currentNumberScheduled desiredNumberScheduled
  numberAvailable numberMisscheduled numberReady numberUnavailable updatedNumberScheduled; l: observedGeneration
DaemonSetUpdateStrategy = RollingUpdateDaemonSet: rollingUpdate; s: type
Deployment = DeploymentSpec: spec; DeploymentStatus: status; ObjectMeta: metadata
DeploymentCondition = s: message reason status type; t: lastTransitionTime lastUpdateTime
DeploymentSpec = DeploymentStrategy: strategy; LabelSelector: selector; PodTemplateSpec: template; b: paused; i:
  minReadySeconds progressDeadlineSeconds replicas revisionHistoryLimit
DeploymentStatus = [DeploymentCondition]: conditions; i: availableReplicas collisionCount readyReplicas replicas
  terminatingReplicas unavailableReplicas updatedReplicas; l: observedGeneration
DeploymentStrategy = RollingUpdateDeployment: rollingUpdate; s: type
DownwardAPIProjection = [DownwardAPIVolumeFile]: items
DownwardAPIVolumeFile = ObjectFieldSelector: fieldRef; ResourceFieldSelector: resourceFieldRef; i: mode; s: path
DownwardAPIVolumeSource = [DownwardAPIVolumeFile]: items; i: defaultMode
EmptyDirVolumeSource = q: sizeLimit; s: medium
Endpoint = EndpointConditions: conditions; EndpointHints: hints; ObjectReference: targetRef; [s]!: addresses; s:
  hostname nodeName zone; {s}: deprecatedTopology
EndpointAddress = ObjectReference: targetRef; s: hostname ip nodeName
EndpointConditions = b: ready serving terminating
EndpointHints = [ForNode]: forNodes; [ForZone]: forZones
EndpointPort = i: port; s: appProtocol name protocol
EndpointSlice = ObjectMeta: metadata; [EndpointPort]: ports; [Endpoint]: endpoints; s: addressType
EndpointSubset = [EndpointAddress]: addresses notReadyAddresses; [EndpointPort]: ports
Endpoints = ObjectMeta: metadata; [EndpointSubset]: subsets
EnvFromSource = ConfigMapEnvSource: configMapRef; SecretEnvSource: secretRef; s: prefix
EnvVar = EnvVarSource: valueFrom; s: name value
EnvVarSource = ConfigMapKeySelector: configMapKeyRef; FileKeySelector: fileKeyRef; ObjectFieldSelector: fieldRef;
  ResourceFieldSelector: resourceFieldRef; SecretKeySelector: secretKeyRef
EphemeralContainer = Lifecycle: lifecycle; Probe: livenessProbe readinessProbe startupProbe; ResourceRequirements:
  resources; SecurityContext: securityContext; [ContainerPort]: ports; [ContainerResizePolicy]: resizePolicy;
  [ContainerRestartRule]: restartPolicyRules; [EnvFromSource]: envFrom; [EnvVar]: env; [VolumeDevice]: volumeDevices;
  [VolumeMount]: volumeMounts; [s]: args command; b: stdin stdinOnce tty; s: image imagePullPolicy name restartPolicy
  targetContainerName terminationMessagePath terminationMessagePolicy workingDir
EphemeralVolumeSource = PersistentVolumeClaimTemplate: volumeClaimTemplate
Event = EventSeries: series; EventSource: source; ObjectMeta: metadata; ObjectReference: involvedObject related; i:
  count; m: eventTime; s: action message reason reportingComponent reportingInstance type; t: firstTimestamp
  lastTimestamp
EventSeries = i: count; m: lastObservedTime
EventSource = s: component host
ExecAction = [s]: command
ExternalMetricSource = MetricIdentifier: metric; MetricTarget: target
ExternalMetricStatus = MetricIdentifier: metric; MetricValueStatus: current
FileKeySelector = b: optional; s: key path volumeName
ForNode = s: name
ForZone = s: name
GRPCAction = i: port; s: service
HPAScalingPolicy = i: periodSeconds value; s: type
HPAScalingRules = [HPAScalingPolicy]: policies; i: stabilizationWindowSeconds; q: tolerance; s: selectPolicy
HTTPGetAction = [HTTPHeader]: httpHeaders; o: port; s: host path scheme
HTTPHeader = s: name value
HTTPIngressPath = IngressBackend: backend; s: path pathType
HTTPIngressRuleValue = [HTTPIngressPath]!: paths
HorizontalPodAutoscaler = HorizontalPodAutoscalerSpec: spec; HorizontalPodAutoscalerStatus: status; ObjectMeta:
  metadata
HorizontalPodAutoscalerBehavior = HPAScalingRules: scaleDown scaleUp
HorizontalPodAutoscalerCondition = s: message reason status type; t: lastTransitionTime
HorizontalPodAutoscalerSpec = CrossVersionObjectReference: scaleTargetRef; HorizontalPodAutoscalerBehavior: behavior;
  [MetricSpec]: metrics; i: maxReplicas minReplicas
HorizontalPodAutoscalerStatus = [HorizontalPodAutoscalerCondition]: conditions; [MetricStatus]: currentMetrics; i:
  currentReplicas desiredReplicas; l: observedGeneration; t: lastScaleTime
HostAlias = [s]: hostnames; s: ip
HostIP = s: ip
HostPathVolumeSource = s: path type
IPBlock = [s]: except; s: cidr
ImageVolumeStatus = s: imageRef
Ingress = IngressSpec: spec; IngressStatus: status; ObjectMeta: metadata
IngressBackend = IngressServiceBackend: service; TypedLocalObjectReference: resource
IngressClass = IngressClassSpec: spec; ObjectMeta: metadata
IngressClassParametersReference = s: apiGroup kind name namespace scope
IngressClassSpec = IngressClassParametersReference: parameters; s: controller
IngressLoadBalancerIngress = [IngressPortStatus]: ports; s: hostname ip
IngressLoadBalancerStatus = [IngressLoadBalancerIngress]: ingress
IngressPortStatus = i: port; s: error protocol
IngressRule = HTTPIngressRuleValue: http; s: host
IngressServiceBackend = ServiceBackendPort: port; s: name
IngressSpec = IngressBackend: defaultBackend; [IngressRule]: rules; [IngressTLS]: tls; s: ingressClassName
IngressStatus = IngressLoadBalancerStatus: loadBalancer
IngressTLS = [s]: hosts; s: secretName
Job = JobSpec: spec; JobStatus: status; ObjectMeta: metadata
JobCondition = s: message reason status type; t: lastProbeTime lastTransitionTime
JobSpec = LabelSelector: selector; PodFailurePolicy: podFailurePolicy; PodTemplateSpec: template; SuccessPolicy:
  successPolicy; b: manualSelector suspend; i: backoffLimit backoffLimitPerIndex completions maxFailedIndexes
  parallelism ttlSecondsAfterFinished; l: activeDeadlineSeconds; s: completionMode managedBy podReplacementPolicy
`;
