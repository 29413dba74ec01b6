{{/*
Which Secret holds what: a name of the user's, else the one that the umbrella chart makes. Each prints a list item
{option, secret, key} for NAME.secrets. The URL of Redis is that of the service's own user, or of another's named by "as".
*/}}
{{- define "burgee.redisUrlSecret" -}}
{{- $redis := (.Values.global | default dict).redis | default dict -}}
- option: redisUrl
{{- if $redis.embedded }}
  secret: {{ .Release.Name }}-redis-{{ .as | default .Chart.Name }}
  key: url
{{- else }}
  secret: {{ required "global.redis.existingSecret is empty, expected the name of a Secret with the URL of Redis; or set global.redis.embedded to true" $redis.existingSecret }}
  key: {{ $redis.key | default "url" }}
{{- end }}
{{- end -}}

{{/* Whether there is a Redis: prints true or nothing. */}}
{{- define "burgee.hasRedis" -}}
{{- $redis := (.Values.global | default dict).redis | default dict -}}
{{- if or $redis.embedded $redis.existingSecret -}}true{{- end -}}
{{- end -}}

{{- define "burgee.verdictKeySecret" -}}
{{- $own := (.Values.global | default dict).verdictKey | default dict -}}
- option: verdictKey
  secret: {{ $own.existingSecret | default (printf "%s-verdict-key" .Release.Name) }}
  key: {{ $own.key | default "key" }}
{{- end -}}

{{- define "burgee.hookTokenSecret" -}}
{{- $own := (.Values.global | default dict).hookToken | default dict -}}
- option: hookToken
  secret: {{ $own.existingSecret | default (printf "%s-hook-token" .Release.Name) }}
  key: {{ $own.key | default "token" }}
{{- end -}}

{{/*
A value that is made once and then kept: what the Secret in the cluster holds, else a random one.
Takes (dict "root" . "name" SECRET "key" KEY).
*/}}
{{- define "burgee.keptRandom" -}}
{{- $found := lookup "v1" "Secret" .root.Release.Namespace .name -}}
{{- $kept := dig "data" .key "" ($found | default dict) -}}
{{- if $kept -}}{{ b64dec $kept }}{{- else -}}{{ randAlphaNum 40 }}{{- end -}}
{{- end -}}
