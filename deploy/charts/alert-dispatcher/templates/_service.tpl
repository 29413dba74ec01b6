{{- define "alert-dispatcher.usesKubernetes" -}}true{{- end -}}

{{- define "alert-dispatcher.ports" -}}
- name: management
  port: 8084
{{- end -}}

{{- define "alert-dispatcher.settings" -}}
managementPort: 8084
logLevel: {{ include "burgee.shared" (dict "root" . "key" "logLevel") | quote }}
namespace: {{ include "burgee.shared" (dict "root" . "key" "namespace") | quote }}
streamPrefix: {{ dig "redis" "streamPrefix" "" (.Values.global | default dict) | quote }}
noCrossNamespaceRefs: {{ include "burgee.shared" (dict "root" . "key" "noCrossNamespaceRefs") | quote }}
slackUser: {{ .Values.slack.user | quote }}
slackChannel: {{ .Values.slack.channel | quote }}
slackProxyUrl: {{ .Values.slack.proxyUrl | quote }}
msteamsProxyUrl: {{ .Values.msteams.proxyUrl | quote }}
{{- end -}}

{{/* Secret of the notifier that .notifier (slack or msteams) configures: the user's or ours. Takes (dict "root" . "notifier" NAME). */}}
{{- define "alert-dispatcher.notifierSecret" -}}
{{- $notifier := get .root.Values .notifier -}}
{{- if $notifier.existingSecret -}}
{{- $notifier.existingSecret -}}
{{- else if $notifier.url -}}
{{- printf "%s-%s" (include "burgee.fullname" .root) .notifier -}}
{{- end -}}
{{- end -}}

{{- define "alert-dispatcher.secrets" -}}
{{ include "burgee.redisUrlSecret" . }}
{{- with include "alert-dispatcher.notifierSecret" (dict "root" . "notifier" "slack") }}
- option: slackUrl
  secret: {{ . }}
  key: url
{{- if or $.Values.slack.token (and $.Values.slack.existingSecret $.Values.slack.existingSecretHasToken) }}
- option: slackToken
  secret: {{ . }}
  key: token
{{- end }}
{{- end }}
{{- with include "alert-dispatcher.notifierSecret" (dict "root" . "notifier" "msteams") }}
- option: msteamsUrl
  secret: {{ . }}
  key: url
{{- end }}
{{- end -}}
