{{/* What the operator may do in the namespaces whose Jobs it runs. */}}
{{- define "podwork.rules" -}}
- apiGroups: [podwork.dev]
  resources: [jobs, workerdefinitions]
  verbs: [get, list, watch]
- apiGroups: [podwork.dev]
  resources: [jobs/status, workerdefinitions/status]
  verbs: [update, patch]
# Where the cluster checks owner references (OwnerReferencesPermissionEnforcement), owning pods and ConfigMaps needs this.
- apiGroups: [podwork.dev]
  resources: [jobs/finalizers, workerdefinitions/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, delete]
# The state of jobs and flows, and the code of workers that is written in their definition.
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, update, patch, delete]
# What workers were made from before their definition changed.
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, create, update, delete]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
