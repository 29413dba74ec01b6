{{/* Whether a source is read from the API: prints true or nothing. */}}
{{- define "flagd.usesKubernetes" -}}
{{- range .Values.sources -}}
{{- if eq .provider "kubernetes" -}}true{{- end -}}
{{- end -}}
{{- end -}}

{{- define "flagd.ports" -}}
- name: evaluation
  port: 8013
  appProtocol: kubernetes.io/h2c
- name: sync
  port: 8015
  appProtocol: kubernetes.io/h2c
- name: ofrep
  port: 8016
  appProtocol: http
- name: management
  port: 8014
{{- end -}}

{{/* Whether counts of evaluations are published: prints true or nothing. */}}
{{- define "flagd.publishes" -}}
{{- if and .Values.publishImpressions (include "burgee.hasRedis" .) -}}true{{- end -}}
{{- end -}}

{{- define "flagd.settings" -}}
port: 8013
syncPort: 8015
ofrepPort: 8016
managementPort: 8014
logFormat: json
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
uri: file:/etc/flagd/flags.json
{{- if include "flagd.publishes" . }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
{{- end }}
{{- with .Values.sources }}
sources: {{ toJson . | quote }}
{{- end }}
{{- if .Values.tls.existingSecret }}
serverCertPath: /etc/flagd-tls/tls.crt
serverKeyPath: /etc/flagd-tls/tls.key
{{- end }}
{{- end -}}

{{- define "flagd.secrets" -}}
{{- if include "flagd.publishes" . -}}
{{ include "burgee.redisUrlSecret" . }}
{{- else -}}
[]
{{- end -}}
{{- end -}}
