{{/*
What each service may do, one line a user without its password: NAME RULES. A user has the base commands and a selector, in
parentheses, for each thing that it does with a stream. The commands are those of packages/event-bus, its publish script
included; only metrics-analyzer can add to analysis.results.
*/}}
{{- define "redis.acl" -}}
{{- $prefix := dig "redis" "streamPrefix" "" (.Values.global | default dict) | default "{burgee}:" -}}
{{- $base := "resetchannels -@all +auth +hello +ping +info +select +client|setname" -}}
{{- $publish := "(~%[1]s%[2]s ~%[1]s%[2]s:id:* +evalsha +eval +exists +set +xlen +xadd +xtrim +xinfo|groups +xpending)" -}}
{{- $consume := "+multi +exec +discard +client|list +client|unblock (~%[1]s%[2]s +xreadgroup +xgroup|create +xgroup|delconsumer +xautoclaim +xclaim +xpending +xack +xlen +xrange +xinfo|groups +xinfo|consumers +xinfo|stream) (~%[1]s%[2]s.dead +xadd)" -}}
{{- $follow := "(%%R~%[1]s%[2]s +xread +xinfo|stream)" -}}
{{- $read := "(%%R~%[1]s%[2]s +xrevrange)" -}}
canary-controller {{ $base }} {{ printf $publish $prefix "analysis.requests" }} {{ printf $publish $prefix "rollout.events" }} {{ printf $publish $prefix "alerts" }} {{ printf $follow $prefix "analysis.results" }}
metrics-analyzer {{ $base }} {{ printf $consume $prefix "analysis.requests" }} {{ printf $publish $prefix "analysis.results" }}
alert-dispatcher {{ $base }} {{ printf $consume $prefix "alerts" }} {{ printf $publish $prefix "alert.history" }} {{ printf $follow $prefix "alert.history" }} {{ printf $read $prefix "alert.history" }}
admin-api {{ $base }}
{{- range list "rollout.events" "flag.events" "alerts" }} {{ printf $follow $prefix . }} {{ printf $read $prefix . }}{{ end }}
flagd-proxy {{ $base }} {{ printf $publish $prefix "flag.events" }}
flagd {{ $base }} {{ printf $publish $prefix "flag.impressions" }}
{{- end -}}
