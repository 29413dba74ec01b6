{{- define "admin-api.usesKubernetes" -}}true{{- end -}}

{{- define "admin-api.ports" -}}
- name: http
  port: 8090
  servicePort: 80
  appProtocol: http
- name: management
  port: 8091
{{- end -}}

{{- define "admin-api.settings" -}}
port: 8090
managementPort: 8091
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
namespace: {{ include "burgee.shared" (dict "root" . "key" "namespace") | quote }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
auth: {{ .Values.auth }}
tokenAudiences: {{ join "," .Values.tokenAudiences | quote }}
{{- if eq .Values.auth "tokens" }}
tokenFile: /etc/burgee/tokens/{{ .Values.tokens.key }}
{{- end }}
{{- end -}}

{{- define "admin-api.secrets" -}}
{{ include "burgee.redisUrlSecret" . }}
{{ include "burgee.hookTokenSecret" . }}
{{- end -}}
