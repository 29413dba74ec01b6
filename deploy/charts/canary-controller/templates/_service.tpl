{{- define "canary-controller.usesKubernetes" -}}true{{- end -}}

{{- define "canary-controller.ports" -}}
- name: management
  port: 8080
{{- end -}}

{{- define "canary-controller.settings" -}}
managementPort: 8080
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
namespace: {{ include "burgee.shared" (dict "root" . "key" "namespace") | quote }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
meshProvider: {{ .Values.meshProvider | quote }}
metricsServer: {{ include "burgee.shared" (dict "root" . "key" "metricsServer") | quote }}
selectorLabels: {{ .Values.selectorLabels | quote }}
includeLabelPrefix: {{ .Values.includeLabelPrefix | quote }}
enableConfigTracking: {{ .Values.configTracking.enabled }}
noCrossNamespaceRefs: {{ include "burgee.shared" (dict "root" . "key" "noCrossNamespaceRefs") | quote }}
threadiness: {{ .Values.threadiness }}
clusterName: {{ .Values.clusterName | quote }}
eventWebhook: {{ .Values.eventWebhook | quote }}
leaderElectionNamespace: {{ .Values.leaderElection.namespace | quote }}
shards: {{ .Values.shards }}
dryRun: {{ .Values.dryRun }}
noData: {{ .Values.noData | quote }}
ownServices: {{ printf "%s-admin-api.%s,%s-loadtester.%s" .Release.Name .Release.Namespace .Release.Name .Release.Namespace }}
{{- end -}}

{{- define "canary-controller.secrets" -}}
{{ include "burgee.redisUrlSecret" . }}
{{ include "burgee.verdictKeySecret" . }}
{{ include "burgee.hookTokenSecret" . }}
{{- end -}}
