/** The messages of the core group, written as the others are. */
export const coreMessages: Readonly<Record<string, string>> = {
  "core/v1.Affinity":
    "1 nodeAffinity core/v1.NodeAffinity, 2 podAffinity core/v1.PodAffinity, 3 podAntiAffinity core/v1.PodAntiAffinity",
  "core/v1.AppArmorProfile": "1 type s, 2 localhostProfile s",
  "core/v1.Capabilities": "1 add s[], 2 drop s[]",
  "core/v1.ClientIPConfig": "1 timeoutSeconds i",
  "core/v1.ClusterTrustBundleProjection":
    "1 name s, 2 signerName s, 3 labelSelector LabelSelector, 4 path s, 5 optional b, 6 user i",
  "core/v1.ConfigMap": "1 metadata ObjectMeta, 2 data s{}, 3 binaryData y{}, 4 immutable b",
  "core/v1.ConfigMapEnvSource": "1 localObjectReference core/v1.LocalObjectReference, 2 optional b",
  "core/v1.ConfigMapKeySelector": "1 localObjectReference core/v1.LocalObjectReference, 2 key s, 3 optional b",
  "core/v1.ConfigMapProjection":
    "1 localObjectReference core/v1.LocalObjectReference, 2 items core/v1.KeyToPath[], 4 optional b",
  "core/v1.ConfigMapVolumeSource":
    "1 localObjectReference core/v1.LocalObjectReference, 2 items core/v1.KeyToPath[], 3 defaultMode i, 4 optional b, 5 defaultUser i",
  "core/v1.Container":
    "1 name s, 2 image s, 3 command s[], 4 args s[], 5 workingDir s, 6 ports core/v1.ContainerPort[], 7 env core/v1.EnvVar[], 8 resources core/v1.ResourceRequirements, 9 volumeMounts core/v1.VolumeMount[], 10 livenessProbe core/v1.Probe, 11 readinessProbe core/v1.Probe, 12 lifecycle core/v1.Lifecycle, 13 terminationMessagePath s, 14 imagePullPolicy s, 15 securityContext core/v1.SecurityContext, 16 stdin b, 17 stdinOnce b, 18 tty b, 19 envFrom core/v1.EnvFromSource[], 20 terminationMessagePolicy s, 21 volumeDevices core/v1.VolumeDevice[], 22 startupProbe core/v1.Probe, 23 resizePolicy core/v1.ContainerResizePolicy[], 24 restartPolicy s, 25 restartPolicyRules core/v1.ContainerRestartRule[]",
  "core/v1.ContainerPort": "1 name s, 2 hostPort i, 3 containerPort i, 4 protocol s, 5 hostIP s",
  "core/v1.ContainerResizePolicy": "1 resourceName s, 2 restartPolicy s",
  "core/v1.ContainerRestartRule": "1 action s, 2 exitCodes core/v1.ContainerRestartRuleOnExitCodes",
  "core/v1.ContainerRestartRuleOnExitCodes": "1 operator s, 2 values i[]",
  "core/v1.DownwardAPIProjection": "1 items core/v1.DownwardAPIVolumeFile[]",
  "core/v1.DownwardAPIVolumeFile":
    "1 path s, 2 fieldRef core/v1.ObjectFieldSelector, 3 resourceFieldRef core/v1.ResourceFieldSelector, 4 mode i, 5 user i",
  "core/v1.DownwardAPIVolumeSource": "1 items core/v1.DownwardAPIVolumeFile[], 2 defaultMode i, 3 defaultUser i",
  "core/v1.EmptyDirVolumeSource": "1 medium s, 2 sizeLimit Quantity, 3 mode i",
  "core/v1.EndpointAddress": "1 ip s, 2 targetRef core/v1.ObjectReference, 3 hostname s, 4 nodeName s",
  "core/v1.EndpointPort": "1 name s, 2 port i, 3 protocol s, 4 appProtocol s",
  "core/v1.EndpointSubset":
    "1 addresses core/v1.EndpointAddress[], 2 notReadyAddresses core/v1.EndpointAddress[], 3 ports core/v1.EndpointPort[]",
  "core/v1.Endpoints": "1 metadata ObjectMeta, 2 subsets core/v1.EndpointSubset[]",
  "core/v1.EnvFromSource": "1 prefix s, 2 configMapRef core/v1.ConfigMapEnvSource, 3 secretRef core/v1.SecretEnvSource",
  "core/v1.EnvVar": "1 name s, 2 value s, 3 valueFrom core/v1.EnvVarSource",
  "core/v1.EnvVarSource":
    "1 fieldRef core/v1.ObjectFieldSelector, 2 resourceFieldRef core/v1.ResourceFieldSelector, 3 configMapKeyRef core/v1.ConfigMapKeySelector, 4 secretKeyRef core/v1.SecretKeySelector, 5 fileKeyRef core/v1.FileKeySelector",
  "core/v1.EphemeralContainer": "1 ephemeralContainerCommon core/v1.EphemeralContainerCommon, 2 targetContainerName s",
  "core/v1.EphemeralContainerCommon":
    "1 name s, 2 image s, 3 command s[], 4 args s[], 5 workingDir s, 6 ports core/v1.ContainerPort[], 7 env core/v1.EnvVar[], 8 resources core/v1.ResourceRequirements, 9 volumeMounts core/v1.VolumeMount[], 10 livenessProbe core/v1.Probe, 11 readinessProbe core/v1.Probe, 12 lifecycle core/v1.Lifecycle, 13 terminationMessagePath s, 14 imagePullPolicy s, 15 securityContext core/v1.SecurityContext, 16 stdin b, 17 stdinOnce b, 18 tty b, 19 envFrom core/v1.EnvFromSource[], 20 terminationMessagePolicy s, 21 volumeDevices core/v1.VolumeDevice[], 22 startupProbe core/v1.Probe, 23 resizePolicy core/v1.ContainerResizePolicy[], 24 restartPolicy s, 25 restartPolicyRules core/v1.ContainerRestartRule[]",
  "core/v1.EphemeralVolumeSource": "1 volumeClaimTemplate core/v1.PersistentVolumeClaimTemplate",
  "core/v1.Event":
    "1 metadata ObjectMeta, 2 involvedObject core/v1.ObjectReference, 3 reason s, 4 message s, 5 source core/v1.EventSource, 6 firstTimestamp Time, 7 lastTimestamp Time, 8 count i, 9 type s, 10 eventTime MicroTime, 11 series core/v1.EventSeries, 12 action s, 13 related core/v1.ObjectReference, 14 reportingComponent s, 15 reportingInstance s",
  "core/v1.EventSeries": "1 count i, 2 lastObservedTime MicroTime",
  "core/v1.EventSource": "1 component s, 2 host s",
  "core/v1.EvictionResponder": "1 name s, 2 priority i",
  "core/v1.ExecAction": "1 command s[]",
  "core/v1.FileKeySelector": "1 volumeName s, 2 path s, 3 key s, 4 optional b",
  "core/v1.GRPCAction": "1 port i, 2 service s, 3 mode s",
  "core/v1.HTTPGetAction":
    "1 path s, 2 port IntOrString, 3 host s, 4 scheme s, 5 httpHeaders core/v1.HTTPHeader[], 6 protocol s",
  "core/v1.HTTPHeader": "1 name s, 2 value s",
  "core/v1.HostAlias": "1 ip s, 2 hostnames s[]",
  "core/v1.HostPathVolumeSource": "1 path s, 2 type s",
  "core/v1.ImageVolumeSource": "1 reference s, 2 pullPolicy s",
  "core/v1.KeyToPath": "1 key s, 2 path s, 3 mode i, 4 user i",
  "core/v1.Lifecycle": "1 postStart core/v1.LifecycleHandler, 2 preStop core/v1.LifecycleHandler, 3 stopSignal s",
  "core/v1.LifecycleHandler":
    "1 exec core/v1.ExecAction, 2 httpGet core/v1.HTTPGetAction, 3 tcpSocket core/v1.TCPSocketAction, 4 sleep core/v1.SleepAction",
  "core/v1.LocalObjectReference": "1 name s",
  "core/v1.Namespace": "1 metadata ObjectMeta, 2 spec core/v1.NamespaceSpec, 3 status -",
  "core/v1.NamespaceSpec": "1 finalizers s[]",
  "core/v1.NodeAffinity":
    "1 requiredDuringSchedulingIgnoredDuringExecution core/v1.NodeSelector, 2 preferredDuringSchedulingIgnoredDuringExecution core/v1.PreferredSchedulingTerm[]",
  "core/v1.NodeSelector": "1 nodeSelectorTerms core/v1.NodeSelectorTerm[]",
  "core/v1.NodeSelectorRequirement": "1 key s, 2 operator s, 3 values s[]",
  "core/v1.NodeSelectorTerm":
    "1 matchExpressions core/v1.NodeSelectorRequirement[], 2 matchFields core/v1.NodeSelectorRequirement[]",
  "core/v1.ObjectFieldSelector": "1 apiVersion s, 2 fieldPath s",
  "core/v1.ObjectReference":
    "1 kind s, 2 namespace s, 3 name s, 4 uid s, 5 apiVersion s, 6 resourceVersion s, 7 fieldPath s",
  "core/v1.PersistentVolumeClaim": "1 metadata ObjectMeta, 2 spec core/v1.PersistentVolumeClaimSpec, 3 status -",
  "core/v1.PersistentVolumeClaimSpec":
    "1 accessModes s[], 2 resources core/v1.VolumeResourceRequirements, 3 volumeName s, 4 selector LabelSelector, 5 storageClassName s, 6 volumeMode s, 7 dataSource core/v1.TypedLocalObjectReference, 8 dataSourceRef core/v1.TypedObjectReference, 9 volumeAttributesClassName s",
  "core/v1.PersistentVolumeClaimTemplate": "1 metadata ObjectMeta, 2 spec core/v1.PersistentVolumeClaimSpec",
  "core/v1.PersistentVolumeClaimVolumeSource": "1 claimName s, 2 readOnly b",
  "core/v1.Pod": "1 metadata ObjectMeta, 2 spec core/v1.PodSpec, 3 status -",
  "core/v1.PodAffinity":
    "1 requiredDuringSchedulingIgnoredDuringExecution core/v1.PodAffinityTerm[], 2 preferredDuringSchedulingIgnoredDuringExecution core/v1.WeightedPodAffinityTerm[]",
  "core/v1.PodAffinityTerm":
    "1 labelSelector LabelSelector, 2 namespaces s[], 3 topologyKey s, 4 namespaceSelector LabelSelector, 5 matchLabelKeys s[], 6 mismatchLabelKeys s[]",
  "core/v1.PodAntiAffinity":
    "1 requiredDuringSchedulingIgnoredDuringExecution core/v1.PodAffinityTerm[], 2 preferredDuringSchedulingIgnoredDuringExecution core/v1.WeightedPodAffinityTerm[]",
  "core/v1.PodCertificateProjection":
    "1 signerName s, 2 keyType s, 3 maxExpirationSeconds i, 4 credentialBundlePath s, 5 keyPath s, 6 certificateChainPath s, 7 userAnnotations s{}, 8 user i",
  "core/v1.PodDNSConfig": "1 nameservers s[], 2 searches s[], 3 options core/v1.PodDNSConfigOption[]",
  "core/v1.PodDNSConfigOption": "1 name s, 2 value s",
  "core/v1.PodOS": "1 name s",
  "core/v1.PodReadinessGate": "1 conditionType s",
  "core/v1.PodResourceClaim": "1 name s, 3 resourceClaimName s, 4 resourceClaimTemplateName s",
  "core/v1.PodSchedulingGate": "1 name s",
  "core/v1.PodSchedulingGroup": "1 podGroupName s",
  "core/v1.PodSecurityContext":
    "1 seLinuxOptions core/v1.SELinuxOptions, 2 runAsUser i, 3 runAsNonRoot b, 4 supplementalGroups i[], 5 fsGroup i, 6 runAsGroup i, 7 sysctls core/v1.Sysctl[], 8 windowsOptions core/v1.WindowsSecurityContextOptions, 9 fsGroupChangePolicy s, 10 seccompProfile core/v1.SeccompProfile, 11 appArmorProfile core/v1.AppArmorProfile, 12 supplementalGroupsPolicy s, 13 seLinuxChangePolicy s",
  "core/v1.PodSpec":
    "1 volumes core/v1.Volume[], 2 containers core/v1.Container[], 3 restartPolicy s, 4 terminationGracePeriodSeconds i, 5 activeDeadlineSeconds i, 6 dnsPolicy s, 7 nodeSelector s{}, 8 serviceAccountName s, 9 serviceAccount s, 10 nodeName s, 11 hostNetwork b, 12 hostPID b, 13 hostIPC b, 14 securityContext core/v1.PodSecurityContext, 15 imagePullSecrets core/v1.LocalObjectReference[], 16 hostname s, 17 subdomain s, 18 affinity core/v1.Affinity, 19 schedulerName s, 20 initContainers core/v1.Container[], 21 automountServiceAccountToken b, 22 tolerations core/v1.Toleration[], 23 hostAliases core/v1.HostAlias[], 24 priorityClassName s, 25 priority i, 26 dnsConfig core/v1.PodDNSConfig, 27 shareProcessNamespace b, 28 readinessGates core/v1.PodReadinessGate[], 29 runtimeClassName s, 30 enableServiceLinks b, 31 preemptionPolicy s, 32 overhead Quantity{}, 33 topologySpreadConstraints core/v1.TopologySpreadConstraint[], 34 ephemeralContainers core/v1.EphemeralContainer[], 35 setHostnameAsFQDN b, 36 os core/v1.PodOS, 37 hostUsers b, 38 schedulingGates core/v1.PodSchedulingGate[], 39 resourceClaims core/v1.PodResourceClaim[], 40 resources core/v1.ResourceRequirements, 41 hostnameOverride s, 43 schedulingGroup core/v1.PodSchedulingGroup, 44 evictionResponders core/v1.EvictionResponder[]",
  "core/v1.PodTemplateSpec": "1 metadata ObjectMeta, 2 spec core/v1.PodSpec",
  "core/v1.PreferredSchedulingTerm": "1 weight i, 2 preference core/v1.NodeSelectorTerm",
  "core/v1.Probe":
    "1 handler core/v1.ProbeHandler, 2 initialDelaySeconds i, 3 timeoutSeconds i, 4 periodSeconds i, 5 successThreshold i, 6 failureThreshold i, 7 terminationGracePeriodSeconds i",
  "core/v1.ProbeHandler":
    "1 exec core/v1.ExecAction, 2 httpGet core/v1.HTTPGetAction, 3 tcpSocket core/v1.TCPSocketAction, 4 grpc core/v1.GRPCAction",
  "core/v1.ProjectedVolumeSource": "1 sources core/v1.VolumeProjection[], 2 defaultMode i, 3 defaultUser i",
  "core/v1.ResourceClaim": "1 name s, 2 request s",
  "core/v1.ResourceFieldSelector": "1 containerName s, 2 resource s, 3 divisor Quantity",
  "core/v1.ResourceQuota": "1 metadata ObjectMeta, 2 spec core/v1.ResourceQuotaSpec, 3 status -",
  "core/v1.ResourceQuotaSpec": "1 hard Quantity{}, 2 scopes s[], 3 scopeSelector core/v1.ScopeSelector",
  "core/v1.ResourceRequirements": "1 limits Quantity{}, 2 requests Quantity{}, 3 claims core/v1.ResourceClaim[]",
  "core/v1.SELinuxOptions": "1 user s, 2 role s, 3 type s, 4 level s",
  "core/v1.ScopeSelector": "1 matchExpressions core/v1.ScopedResourceSelectorRequirement[]",
  "core/v1.ScopedResourceSelectorRequirement": "1 scopeName s, 2 operator s, 3 values s[]",
  "core/v1.SeccompProfile": "1 type s, 2 localhostProfile s",
  "core/v1.Secret": "1 metadata ObjectMeta, 2 data y{}, 3 type s, 4 stringData s{}, 5 immutable b",
  "core/v1.SecretEnvSource": "1 localObjectReference core/v1.LocalObjectReference, 2 optional b",
  "core/v1.SecretKeySelector": "1 localObjectReference core/v1.LocalObjectReference, 2 key s, 3 optional b",
  "core/v1.SecretProjection":
    "1 localObjectReference core/v1.LocalObjectReference, 2 items core/v1.KeyToPath[], 4 optional b",
  "core/v1.SecretVolumeSource":
    "1 secretName s, 2 items core/v1.KeyToPath[], 3 defaultMode i, 4 optional b, 5 defaultUser i",
  "core/v1.SecurityContext":
    "1 capabilities core/v1.Capabilities, 2 privileged b, 3 seLinuxOptions core/v1.SELinuxOptions, 4 runAsUser i, 5 runAsNonRoot b, 6 readOnlyRootFilesystem b, 7 allowPrivilegeEscalation b, 8 runAsGroup i, 9 procMount s, 10 windowsOptions core/v1.WindowsSecurityContextOptions, 11 seccompProfile core/v1.SeccompProfile, 12 appArmorProfile core/v1.AppArmorProfile",
  "core/v1.Service": "1 metadata ObjectMeta, 2 spec core/v1.ServiceSpec, 3 status -",
  "core/v1.ServiceAccount":
    "1 metadata ObjectMeta, 2 secrets core/v1.ObjectReference[], 3 imagePullSecrets core/v1.LocalObjectReference[], 4 automountServiceAccountToken b",
  "core/v1.ServiceAccountTokenProjection": "1 audience s, 2 expirationSeconds i, 3 path s, 4 user i",
  "core/v1.ServicePort": "1 name s, 2 protocol s, 3 port i, 4 targetPort IntOrString, 5 nodePort i, 6 appProtocol s",
  "core/v1.ServiceSpec":
    "1 ports core/v1.ServicePort[], 2 selector s{}, 3 clusterIP s, 4 type s, 5 externalIPs s[], 7 sessionAffinity s, 8 loadBalancerIP s, 9 loadBalancerSourceRanges s[], 10 externalName s, 11 externalTrafficPolicy s, 12 healthCheckNodePort i, 13 publishNotReadyAddresses b, 14 sessionAffinityConfig core/v1.SessionAffinityConfig, 17 ipFamilyPolicy s, 18 clusterIPs s[], 19 ipFamilies s[], 20 allocateLoadBalancerNodePorts b, 21 loadBalancerClass s, 22 internalTrafficPolicy s, 23 trafficDistribution s",
  "core/v1.SessionAffinityConfig": "1 clientIP core/v1.ClientIPConfig",
  "core/v1.SleepAction": "1 seconds i",
  "core/v1.Sysctl": "1 name s, 2 value s",
  "core/v1.TCPSocketAction": "1 port IntOrString, 2 host s",
  "core/v1.Toleration": "1 key s, 2 operator s, 3 value s, 4 effect s, 5 tolerationSeconds i",
  "core/v1.TopologySelectorLabelRequirement": "1 key s, 2 values s[]",
  "core/v1.TopologySelectorTerm": "1 matchLabelExpressions core/v1.TopologySelectorLabelRequirement[]",
  "core/v1.TopologySpreadConstraint":
    "1 maxSkew i, 2 topologyKey s, 3 whenUnsatisfiable s, 4 labelSelector LabelSelector, 5 minDomains i, 6 nodeAffinityPolicy s, 7 nodeTaintsPolicy s, 8 matchLabelKeys s[]",
  "core/v1.TypedLocalObjectReference": "1 apiGroup s, 2 kind s, 3 name s",
  "core/v1.TypedObjectReference": "1 apiGroup s, 2 kind s, 3 name s, 4 namespace s",
  "core/v1.Volume": "1 name s, 2 volumeSource core/v1.VolumeSource",
  "core/v1.VolumeDevice": "1 name s, 2 devicePath s",
  "core/v1.VolumeMount":
    "1 name s, 2 readOnly b, 3 mountPath s, 4 subPath s, 5 mountPropagation s, 6 subPathExpr s, 7 recursiveReadOnly s, 8 bindMountOptions s[]",
  "core/v1.VolumeProjection":
    "1 secret core/v1.SecretProjection, 2 downwardAPI core/v1.DownwardAPIProjection, 3 configMap core/v1.ConfigMapProjection, 4 serviceAccountToken core/v1.ServiceAccountTokenProjection, 5 clusterTrustBundle core/v1.ClusterTrustBundleProjection, 6 podCertificate core/v1.PodCertificateProjection",
  "core/v1.VolumeResourceRequirements": "1 limits Quantity{}, 2 requests Quantity{}",
  "core/v1.VolumeSource":
    "1 hostPath core/v1.HostPathVolumeSource, 2 emptyDir core/v1.EmptyDirVolumeSource, 6 secret core/v1.SecretVolumeSource, 10 persistentVolumeClaim core/v1.PersistentVolumeClaimVolumeSource, 16 downwardAPI core/v1.DownwardAPIVolumeSource, 19 configMap core/v1.ConfigMapVolumeSource, 26 projected core/v1.ProjectedVolumeSource, 29 ephemeral core/v1.EphemeralVolumeSource, 30 image core/v1.ImageVolumeSource",
  "core/v1.WeightedPodAffinityTerm": "1 weight i, 2 podAffinityTerm core/v1.PodAffinityTerm",
  "core/v1.WindowsSecurityContextOptions":
    "1 gmsaCredentialSpecName s, 2 gmsaCredentialSpec s, 3 runAsUserName s, 4 hostProcess b",
};
