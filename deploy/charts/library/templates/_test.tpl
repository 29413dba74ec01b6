{{/*
A pod of `helm test`: runs Node in the image of the service, which has no shell, and has passed when that exits with 0. Takes
(dict "root" . "name" NAME "args" YAML "env" YAML).
*/}}
{{- define "burgee.testPod" -}}
{{- $test := . -}}
{{- with .root -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "burgee.fullname" . }}-{{ $test.name }}
  namespace: {{ .Release.Namespace }}
  labels:
    # Not the name of the service: its Service would send requests here.
    app.kubernetes.io/name: {{ $test.name }}
    app.kubernetes.io/instance: {{ .Release.Name }}
    app.kubernetes.io/component: test
    app.kubernetes.io/part-of: burgee
    app.kubernetes.io/managed-by: {{ .Release.Service }}
  annotations:
    helm.sh/hook: test
    # It stays until the next test, for `helm test --logs`.
    helm.sh/hook-delete-policy: before-hook-creation
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  securityContext:
    {{- include "burgee.podSecurityContext" . | nindent 4 }}
  {{- with (.Values.global | default dict).imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  containers:
    - name: {{ $test.name }}
      image: {{ include "burgee.image" . }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      securityContext:
        {{- include "burgee.containerSecurityContext" . | nindent 8 }}
      command: [/nodejs/bin/node]
      args:
        {{- $test.args | nindent 8 }}
      env:
        {{- $test.env | nindent 8 }}
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
  {{- include "burgee.placement" . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* A variable with the value of a Secret. Takes (dict "name" VARIABLE "from" ITEM), ITEM as in NAME.secrets. */}}
{{- define "burgee.secretVariable" -}}
{{- $from := .from | fromYamlArray | first -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ $from.secret }}
      key: {{ $from.key }}
{{- end -}}
