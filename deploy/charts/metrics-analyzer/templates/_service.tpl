{{- define "metrics-analyzer.usesKubernetes" -}}true{{- end -}}

{{- define "metrics-analyzer.ports" -}}
{{- if .Values.evaluate.existingSecret }}
- name: evaluate
  port: 8084
  appProtocol: kubernetes.io/h2c
{{- end }}
- name: management
  port: 8083
{{- end -}}

{{- define "metrics-analyzer.settings" -}}
managementPort: 8083
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
namespace: {{ include "burgee.shared" (dict "root" . "key" "namespace") | quote }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
metricsServer: {{ include "burgee.shared" (dict "root" . "key" "metricsServer") | quote }}
{{- if .Values.evaluate.existingSecret }}
evaluatePort: 8084
{{- end }}
{{- end -}}

{{- define "metrics-analyzer.secrets" -}}
{{ include "burgee.redisUrlSecret" . }}
{{ include "burgee.verdictKeySecret" . }}
{{- with .Values.evaluate.existingSecret }}
- option: evaluateToken
  secret: {{ . }}
  key: {{ $.Values.evaluate.key }}
{{- end }}
{{- end -}}
