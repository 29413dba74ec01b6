{{/*
Rights in the namespaces that the service works on: in .Values.namespace (or the shared one) when it is set, else in all.
Takes (dict "root" . "rules" YAML).
*/}}
{{- define "burgee.workRole" -}}
{{- $namespace := include "burgee.shared" (dict "root" .root "key" "namespace") -}}
{{- $kind := (ne $namespace "") | ternary "Role" "ClusterRole" -}}
{{- $name := (ne $namespace "") | ternary (include "burgee.fullname" .root) (printf "%s-%s" .root.Release.Namespace (include "burgee.fullname" .root)) -}}
{{- include "burgee.boundRole" (dict "root" .root "kind" $kind "name" $name "namespace" $namespace "rules" .rules) }}
{{- end -}}

{{/* Rights in one namespace. Takes (dict "root" . "namespace" NS "suffix" S "rules" YAML). */}}
{{- define "burgee.localRole" -}}
{{- $name := printf "%s-%s" (include "burgee.fullname" .root) .suffix -}}
{{- include "burgee.boundRole" (dict "root" .root "kind" "Role" "name" $name "namespace" .namespace "rules" .rules) }}
{{- end -}}

{{/* Rights on objects without a namespace. Takes (dict "root" . "suffix" S "rules" YAML). */}}
{{- define "burgee.clusterRole" -}}
{{- $name := printf "%s-%s-%s" .root.Release.Namespace (include "burgee.fullname" .root) .suffix -}}
{{- include "burgee.boundRole" (dict "root" .root "kind" "ClusterRole" "name" $name "namespace" "" "rules" .rules) }}
{{- end -}}

{{- define "burgee.boundRole" -}}
{{- if .root.Values.rbac.create -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "burgee.labels" .root | nindent 4 }}
rules:
  {{- .rules | trim | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .kind }}Binding
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "burgee.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ .kind }}
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "burgee.serviceAccountName" .root }}
    namespace: {{ .root.Release.Namespace }}
---
{{ end }}
{{- end -}}
