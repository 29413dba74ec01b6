{{/* Name of everything that belongs to this service: RELEASE-SERVICE. */}}
{{- define "burgee.fullname" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "burgee.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "burgee.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "burgee.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | default .Chart.Version | quote }}
app.kubernetes.io/part-of: burgee
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "burgee.metadata" -}}
name: {{ include "burgee.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "burgee.labels" . | nindent 2 }}
{{- end -}}

{{- define "burgee.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "burgee.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{/* A value of the service, else the one that all services share, else nothing. Takes (dict "root" . "key" KEY). */}}
{{- define "burgee.shared" -}}
{{- $global := .root.Values.global | default dict -}}
{{- $own := get .root.Values .key -}}
{{- if and (ne (toString $own) "") (ne $own nil) -}}{{ $own }}{{- else -}}{{ get $global .key }}{{- end -}}
{{- end -}}

{{- define "burgee.image" -}}
{{- $global := (.Values.global | default dict).image | default dict -}}
{{- $registry := .Values.image.registry | default $global.registry | default "ghcr.io/burgee" -}}
{{- $tag := .Values.image.tag | default $global.tag | default .Chart.AppVersion -}}
{{- printf "%s/%s:%s" $registry (.Values.image.repository | default .Chart.Name) $tag -}}
{{- end -}}
