package dev.podwork.api.worker;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Map;

/** The schema of {@code spec.template}, and what no template may say; read only when the CRDs are generated. */
record TemplateSchema(
        @JsonPropertyDescription("Labels and annotations for the pods.")
        Metadata metadata,

        @JsonPropertyDescription("A pod's spec, merged into what the operator makes; see kubectl explain pod.spec.")
        Pod spec) {

    /** What of a pod's metadata may be given. */
    @ValidationRule(
            value = "!has(self.labels) || self.labels.all(k, !k.startsWith('podwork.dev/')"
                    + " && k != 'app.kubernetes.io/managed-by')",
            message = Refusals.RESERVED_LABELS)
    @ValidationRule(
            value = "!has(self.annotations) || self.annotations.all(k, !k.startsWith('podwork.dev/'))",
            message = Refusals.RESERVED_LABELS)
    record Metadata(
            @JsonPropertyDescription("Labels that the pods get besides the operator's own.") @Size(max = 64)
            Map<String, String> labels,

            @JsonPropertyDescription("Annotations that the pods get.") @Size(max = 64)
            Map<String, String> annotations) {}

    @ValidationRule(
            value = "!has(self.restartPolicy) || self.restartPolicy == 'Never'",
            message = Refusals.RESTART_POLICY)
    @ValidationRule(
            value = "!(has(self.hostNetwork) && self.hostNetwork) && !(has(self.hostPID) && self.hostPID)"
                    + " && !(has(self.hostIPC) && self.hostIPC)",
            message = Refusals.HOST_NAMESPACES)
    @ValidationRule(
            value = "!(has(self.shareProcessNamespace) && self.shareProcessNamespace)",
            message = Refusals.SHARED_PROCESSES)
    @ValidationRule(
            value = "!(has(self.automountServiceAccountToken) && self.automountServiceAccountToken)",
            message = Refusals.ACCOUNT_TOKEN)
    @ValidationRule(value = "!has(self.activeDeadlineSeconds)", message = Refusals.DEADLINE)
    @ValidationRule(
            value =
                    "!has(self.containers) || self.containers.all(c, has(c.name) && c.name != ''"
                            + " && self.containers.exists_one(d, has(d.name) && d.name == c.name)"
                            + " && !(has(self.initContainers) && self.initContainers.exists(d, has(d.name) && d.name == c.name)))",
            message = Refusals.CONTAINER_NAMES)
    @ValidationRule(
            value = "!has(self.initContainers) || self.initContainers.all(c, has(c.name) && c.name != ''"
                    + " && self.initContainers.exists_one(d, has(d.name) && d.name == c.name))",
            message = Refusals.CONTAINER_NAMES)
    @ValidationRule(
            value = "!has(self.containers) || !self.containers.exists(c, has(c.name) && c.name == 'relay')",
            message = Refusals.CONTAINER_RESERVED)
    @ValidationRule(
            value = "!has(self.initContainers)"
                    + " || !self.initContainers.exists(c, has(c.name) && c.name in ['relay', 'worker'])",
            message = Refusals.CONTAINER_RESERVED)
    @ValidationRule(
            value = "!has(self.containers) || !self.containers.exists(c, has(c.name) && c.name == 'worker'"
                    + " && (has(c.image) || has(c.command) || has(c.args)))",
            message = Refusals.WORKER_COMMAND)
    @ValidationRule(
            value = "!has(self.containers) || !self.containers.exists(c, has(c.name) && c.name == 'worker'"
                    + " && (has(c.stdin) || has(c.stdinOnce) || has(c.tty) || has(c.restartPolicy)"
                    + " || has(c.terminationMessagePath) || has(c.terminationMessagePolicy)))",
            message = Refusals.WORKER_SHIM)
    @ValidationRule(
            value = "!has(self.containers) || !self.containers.exists(c, has(c.name) && c.name == 'worker'"
                    + " && has(c.env) && c.env.exists(e, has(e.name) && e.name.startsWith('PODWORK_')))",
            message = Refusals.WORKER_ENV)
    @ValidationRule(
            value = "!has(self.containers) || !self.containers.exists(c, has(c.name) && c.name == 'worker'"
                    + " && has(c.volumeMounts) && c.volumeMounts.exists(m, has(m.mountPath)"
                    + " && m.mountPath.matches('^/(podwork|worker)/*$')))",
            message = Refusals.WORKER_MOUNTS)
    @ValidationRule(
            value = "!has(self.containers) || self.containers.all(c, !has(c.resources)"
                    + " || ((!has(c.resources.limits) || c.resources.limits.all(k, isQuantity(string(c.resources.limits[k]))))"
                    + " && (!has(c.resources.requests)"
                    + " || c.resources.requests.all(k, isQuantity(string(c.resources.requests[k]))))))",
            message = Refusals.RESOURCES)
    @ValidationRule(
            value = "!has(self.initContainers) || self.initContainers.all(c, !has(c.resources)"
                    + " || ((!has(c.resources.limits) || c.resources.limits.all(k, isQuantity(string(c.resources.limits[k]))))"
                    + " && (!has(c.resources.requests)"
                    + " || c.resources.requests.all(k, isQuantity(string(c.resources.requests[k]))))))",
            message = Refusals.RESOURCES)
    @ValidationRule(
            value = "!has(self.volumes) || self.volumes.all(v, has(v.name) && v.name != ''"
                    + " && !v.name.startsWith('podwork')"
                    + " && self.volumes.exists_one(w, has(w.name) && w.name == v.name))",
            message = Refusals.VOLUME_NAMES)
    static final class Pod extends PodSpec {}
}
