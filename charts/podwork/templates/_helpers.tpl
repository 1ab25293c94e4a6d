{{/* The release's name for everything; "podwork" once, whatever the release is called. */}}
{{- define "podwork.name" -}}
{{- if contains "podwork" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-podwork" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{/* Objects of the cluster need a name that another release elsewhere does not have. */}}
{{- define "podwork.clusterName" -}}
{{ .Release.Namespace }}-{{ include "podwork.name" . }}
{{- end }}

{{- define "podwork.selector" -}}
app.kubernetes.io/name: podwork
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "podwork.labels" -}}
{{ include "podwork.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Full name of one of the images: include "podwork.image" (list . "relay") */}}
{{- define "podwork.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 }}
{{- get $root.Values.images $image | default (printf "%s/podwork-%s:%s" $root.Values.image.registry $image ($root.Values.image.tag | default $root.Chart.AppVersion)) }}
{{- end }}

{{- define "podwork.tlsSecret" -}}
{{ include "podwork.name" . }}-context-tls
{{- end }}

{{- define "podwork.contextService" -}}
{{ include "podwork.name" . }}-context
{{- end }}
