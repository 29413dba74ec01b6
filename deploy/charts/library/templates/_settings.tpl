{{/*
The flags of the service. Each chart defines NAME.settings, a map of the service's own option names; empty ones are left
out. .Values.settings holds all further options by name, and secrets come from files.
*/}}
{{- define "burgee.args" -}}
{{- $own := include (printf "%s.settings" .Chart.Name) . | fromYaml -}}
{{- with $own.Error }}{{ fail . }}{{ end -}}
{{- range $option, $value := merge (dict) $own (.Values.settings | default dict) }}
{{- $text := kindIs "slice" $value | ternary (join "," $value) (toString $value) }}
{{- if kindIs "float64" $value }}{{ $text = $value | int64 | toString }}{{ end }}
{{- if and (ne $text "") (ne $value nil) }}
- {{ printf "--%s=%s" (kebabcase $option) $text | quote }}
{{- end }}
{{- end }}
{{- range include (printf "%s.secrets" .Chart.Name) . | fromYamlArray }}
- {{ printf "--%s-file=/etc/burgee/secrets/%s" (kebabcase .option) .option | quote }}
{{- end }}
{{- end -}}
