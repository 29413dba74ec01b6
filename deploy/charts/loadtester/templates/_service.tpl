{{- define "loadtester.usesKubernetes" -}}{{- end -}}

{{- define "loadtester.ports" -}}
- name: http
  port: 8080
  servicePort: 80
  appProtocol: http
- name: management
  port: 8081
{{- end -}}

{{- define "loadtester.settings" -}}
port: 8080
managementPort: 8081
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
timeout: {{ .Values.cmd.timeout }}
namespaceRegexp: {{ .Values.cmd.namespaceRegexp | quote }}
{{- end -}}

{{- define "loadtester.secrets" -}}[]{{- end -}}
