{{- /*
Puts the values into a Deployment of the manifests: (dict "root" $ "deployment" DEPLOYMENT "values" VALUES). Prints nothing.
*/ -}}
{{- define "groupmembership.deployment" -}}
{{- $image := .root.Values.image -}}
{{- $prefix := empty $image.registry | ternary "" (printf "%s/" $image.registry) -}}
{{- $tag := $image.tag | default .root.Chart.AppVersion -}}
{{- $spec := .deployment.spec.template.spec -}}
{{- $container := first $spec.containers -}}
{{- $_ := set .deployment.spec "replicas" .values.replicas -}}
{{- $_ := set $container "image" (printf "%sgroupmembership/operator:%s" $prefix $tag) -}}
{{- $_ := set $container "imagePullPolicy" $image.pullPolicy -}}
{{- $_ := set $container "resources" .values.resources -}}
{{- if or $image.registry $image.tag -}}
{{- range $part := list "node" "sidecar" -}}
{{- $variable := dict "name" (printf "GM_%s_IMAGE" (upper $part)) "value" (printf "%sgroupmembership/%s:%s" $prefix $part $tag) -}}
{{- $_ := set $container "env" (append $container.env $variable) -}}
{{- end -}}
{{- end -}}
{{- with $image.pullSecrets -}}{{- $_ := set $spec "imagePullSecrets" . -}}{{- end -}}
{{- with .values.nodeSelector -}}{{- $_ := set $spec "nodeSelector" . -}}{{- end -}}
{{- with .values.tolerations -}}{{- $_ := set $spec "tolerations" . -}}{{- end -}}
{{- with .values.priorityClassName -}}{{- $_ := set $spec "priorityClassName" . -}}{{- end -}}
{{- end -}}
