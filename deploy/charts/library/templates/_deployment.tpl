{{/*
The Deployment of a service. Its chart defines NAME.settings (map), NAME.secrets (list of {option, secret, key}) and
NAME.ports (list of {name, port}); optionally .Values.replicaCount is overruled by a "replicas" in the given dict.
Takes (dict "root" . ["command" LIST] ["replicas" N] ["volumes" YAML] ["mounts" YAML] ["annotations" YAML]).
*/}}
{{- define "burgee.deployment" -}}
{{- $root := .root -}}
{{- $extra := . -}}
{{- $replicas := .replicas | default .root.Values.replicaCount | int -}}
{{- with .root -}}
{{- $secrets := include (printf "%s.secrets" .Chart.Name) . | fromYamlArray -}}
{{- $volumes := concat (list) ($extra.volumes | default "[]" | fromYamlArray) .Values.extraVolumes -}}
{{- $mounts := concat (list) ($extra.mounts | default "[]" | fromYamlArray) .Values.extraVolumeMounts -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "burgee.metadata" . | nindent 2 }}
spec:
  replicas: {{ $replicas }}
  strategy:
    {{- if $extra.recreate }}
    type: Recreate
    {{- else }}
    # Said in full: defaults would stay behind, and be refused, when an upgrade turns to Recreate.
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 25%
    {{- end }}
  selector:
    matchLabels:
      {{- include "burgee.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "burgee.labels" . | nindent 8 }}
        {{- with .Values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        {{- range include (printf "%s.ports" .Chart.Name) . | fromYamlArray }}
        {{- if eq .name "management" }}
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ .port | quote }}
        {{- end }}
        {{- end }}
        {{- with $extra.annotations }}
        {{- . | nindent 8 }}
        {{- end }}
        {{- with .Values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "burgee.serviceAccountName" . }}
      automountServiceAccountToken: {{ ne (include (printf "%s.usesKubernetes" .Chart.Name) .) "" }}
      # Variables of Services such as LOADTESTER_PORT would be taken for settings.
      enableServiceLinks: false
      securityContext:
        {{- include "burgee.podSecurityContext" . | nindent 8 }}
      {{- with (.Values.global | default dict).imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      terminationGracePeriodSeconds: {{ .Values.terminationGracePeriodSeconds }}
      containers:
        - name: {{ .Chart.Name }}
          image: {{ include "burgee.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          securityContext:
            {{- include "burgee.containerSecurityContext" . | nindent 12 }}
          args:
            {{- with $extra.command }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
            {{- include "burgee.args" . | trim | nindent 12 }}
          env:
            - name: POD_NAMESPACE
              valueFrom:
                fieldRef:
                  fieldPath: metadata.namespace
            {{- with .Values.env }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          ports:
            {{- range include (printf "%s.ports" .Chart.Name) . | fromYamlArray }}
            - name: {{ .name }}
              containerPort: {{ .port }}
              protocol: TCP
            {{- end }}
          livenessProbe:
            httpGet:
              path: /healthz
              port: management
            periodSeconds: 10
            timeoutSeconds: 5
          readinessProbe:
            httpGet:
              path: /readyz
              port: management
            periodSeconds: 5
            timeoutSeconds: 5
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
          {{- if or $secrets $mounts }}
          volumeMounts:
            {{- if $secrets }}
            - name: secrets
              mountPath: /etc/burgee/secrets
              readOnly: true
            {{- end }}
            {{- with $mounts }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- end }}
      {{- if or $secrets $volumes }}
      volumes:
        {{- if $secrets }}
        - name: secrets
          projected:
            sources:
              {{- range $secrets }}
              - secret:
                  name: {{ .secret }}
                  items:
                    - key: {{ .key }}
                      path: {{ .option }}
              {{- end }}
        {{- end }}
        {{- with $volumes }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      {{- end }}
      {{- include "burgee.placement" . | nindent 6 }}
      {{- if .Values.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml .Values.topologySpreadConstraints | nindent 8 }}
      {{- else if gt $replicas 1 }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "burgee.selectorLabels" $root | nindent 14 }}
        {{- end }}
      {{- end }}
{{- end }}
{{- end -}}

{{/* On which nodes pods may run. */}}
{{- define "burgee.placement" -}}
{{- with .Values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
