package dev.podwork.core.worker;

import dev.podwork.api.Labels;
import dev.podwork.api.worker.Refusals;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.core.worker.WorkerDefinitionValidation.Mistakes;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a definition's template may not say, because it would undo what the operator makes of a pod. */
final class TemplateValidation {
    private static final String RELAY = "relay";
    private static final String WORKER = WorkerDefinitionSpec.WORKER_CONTAINER;
    private static final Pattern OWN_MOUNTS = Pattern.compile("/(podwork|worker)/*");

    static void check(PodTemplateSpec template, boolean codeIsDelivered, Mistakes mistakes) {
        if (template.getMetadata() != null) {
            checkMetadata(template.getMetadata(), mistakes);
        }
        if (template.getSpec() != null) {
            checkPod(template.getSpec(), mistakes);
            checkContainers(template.getSpec(), codeIsDelivered, mistakes);
            checkVolumes(template.getSpec().getVolumes(), mistakes);
        }
    }

    private static void checkMetadata(ObjectMeta metadata, Mistakes mistakes) {
        Set<String> labels = keys(metadata.getLabels());
        mistakes.when(
                Stream.concat(labels.stream(), keys(metadata.getAnnotations()).stream())
                                .anyMatch(key -> key.startsWith(Labels.PREFIX))
                        || labels.contains(Labels.MANAGED_BY),
                Refusals.RESERVED_LABELS);
    }

    private static Set<String> keys(@Nullable Map<String, ?> map) {
        return map == null ? Set.of() : map.keySet();
    }

    private static void checkPod(PodSpec pod, Mistakes mistakes) {
        mistakes.when(
                pod.getRestartPolicy() != null && !pod.getRestartPolicy().equals("Never"), Refusals.RESTART_POLICY);
        mistakes.when(
                isTrue(pod.getHostNetwork()) || isTrue(pod.getHostPID()) || isTrue(pod.getHostIPC()),
                Refusals.HOST_NAMESPACES);
        mistakes.when(isTrue(pod.getShareProcessNamespace()), Refusals.SHARED_PROCESSES);
        mistakes.when(isTrue(pod.getAutomountServiceAccountToken()), Refusals.ACCOUNT_TOKEN);
        mistakes.when(pod.getActiveDeadlineSeconds() != null, Refusals.DEADLINE);
    }

    private static boolean isTrue(@Nullable Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    private static void checkContainers(PodSpec pod, boolean codeIsDelivered, Mistakes mistakes) {
        Set<String> names = new HashSet<>();
        for (Container container : Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream())
                .toList()) {
            mistakes.when(isEmpty(container.getName()) || !names.add(container.getName()), Refusals.CONTAINER_NAMES);
            mistakes.when(RELAY.equals(container.getName()), Refusals.CONTAINER_RESERVED);
            mistakes.when(hasBadQuantity(container.getResources()), Refusals.RESOURCES);
        }
        mistakes.when(
                pod.getInitContainers().stream().anyMatch(container -> WORKER.equals(container.getName())),
                Refusals.CONTAINER_RESERVED);
        pod.getContainers().stream()
                .filter(container -> WORKER.equals(container.getName()))
                .forEach(worker -> checkWorker(worker, codeIsDelivered, mistakes));
    }

    private static void checkWorker(Container worker, boolean codeIsDelivered, Mistakes mistakes) {
        mistakes.when(
                worker.getImage() != null
                        || !worker.getCommand().isEmpty()
                        || !worker.getArgs().isEmpty(),
                Refusals.WORKER_COMMAND);
        mistakes.when(
                Stream.of(
                                worker.getStdin(),
                                worker.getStdinOnce(),
                                worker.getTty(),
                                worker.getRestartPolicy(),
                                worker.getTerminationMessagePath(),
                                worker.getTerminationMessagePolicy())
                        .anyMatch(Objects::nonNull),
                Refusals.WORKER_SHIM);
        mistakes.when(codeIsDelivered && worker.getWorkingDir() != null, Refusals.WORKER_DIRECTORY);
        mistakes.when(
                worker.getEnv().stream()
                        .anyMatch(env -> env.getName() != null && env.getName().startsWith("PODWORK_")),
                Refusals.WORKER_ENV);
        mistakes.when(
                worker.getVolumeMounts().stream()
                        .anyMatch(mount -> mount.getMountPath() != null
                                && OWN_MOUNTS.matcher(mount.getMountPath()).matches()),
                Refusals.WORKER_MOUNTS);
    }

    private static boolean hasBadQuantity(@Nullable ResourceRequirements resources) {
        return resources != null
                && Stream.of(resources.getLimits(), resources.getRequests())
                        .filter(Objects::nonNull)
                        .flatMap(quantities -> quantities.values().stream())
                        .anyMatch(quantity -> !isValid(quantity));
    }

    private static boolean isValid(Quantity quantity) {
        try {
            quantity.getNumericalAmount();
            return true;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return false;
        }
    }

    private static void checkVolumes(List<Volume> volumes, Mistakes mistakes) {
        Set<String> names = new HashSet<>();
        for (Volume volume : volumes) {
            String name = volume.getName();
            mistakes.when(isEmpty(name) || name.startsWith("podwork") || !names.add(name), Refusals.VOLUME_NAMES);
        }
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private TemplateValidation() {}
}
