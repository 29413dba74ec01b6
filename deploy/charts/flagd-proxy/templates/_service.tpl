{{- define "flagd-proxy.usesKubernetes" -}}true{{- end -}}

{{- define "flagd-proxy.ports" -}}
- name: sync
  port: 8015
  appProtocol: kubernetes.io/h2c
- name: management
  port: 8016
{{- end -}}

{{- define "flagd-proxy.publishes" -}}
{{- if and .Values.publishChanges (include "burgee.hasRedis" .) -}}true{{- end -}}
{{- end -}}

{{- define "flagd-proxy.settings" -}}
port: 8015
managementPort: 8016
logFormat: json
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
namespace: {{ include "burgee.shared" (dict "root" . "key" "namespace") | quote }}
{{- if include "flagd-proxy.publishes" . }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
{{- end }}
{{- end -}}

{{- define "flagd-proxy.secrets" -}}
{{- if include "flagd-proxy.publishes" . -}}
{{ include "burgee.redisUrlSecret" . }}
{{- else -}}
[]
{{- end -}}
{{- end -}}
