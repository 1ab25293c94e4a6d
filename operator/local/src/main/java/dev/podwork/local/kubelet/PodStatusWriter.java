package dev.podwork.local.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what is known of a pod's containers, and reports it as a kubelet does. */
final class PodStatusWriter {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int HTTP_NOT_FOUND = 404;

    private final KubernetesClient client;
    private final Pod pod;
    private final Instant startTime;
    private final Map<String, ContainerState> states = new HashMap<>();
    private final Map<String, Integer> restarts = new HashMap<>();
    private boolean published;

    PodStatusWriter(KubernetesClient client, Pod pod, Instant startTime) {
        this.client = client;
        this.pod = pod;
        this.startTime = startTime;
    }

    synchronized void running(Container container, Instant startedAt) {
        states.put(
                container.getName(),
                new ContainerStateBuilder()
                        .withNewRunning()
                        .withStartedAt(startedAt.toString())
                        .endRunning()
                        .build());
    }

    synchronized void restarting(Container container) {
        restarts.merge(container.getName(), 1, Integer::sum);
    }

    synchronized void ended(Container container, ContainerProcess.End end) {
        states.put(
                container.getName(),
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(end.exitCode())
                        .withReason(end.exitCode() == 0 ? "Completed" : "Error")
                        .withMessage(end.message().isEmpty() ? null : end.message())
                        .withStartedAt(end.startedAt().toString())
                        .withFinishedAt(end.finishedAt().toString())
                        .endTerminated()
                        .build());
    }

    synchronized void notStarted(Container container, PodStartException why) {
        states.put(
                container.getName(),
                new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(128)
                        .withReason(why.reason())
                        .withMessage(why.getMessage())
                        .endTerminated()
                        .build());
    }

    /** Writes all that is known. A pod that is gone has no status to write. */
    void publish(String phase, @Nullable String reason, @Nullable String message) {
        PodStatus status = status(phase, reason, message);
        patch("status", Map.of("status", status));
    }

    /** Says why the pod's processes are not started yet; nothing once they are. */
    synchronized void queued(String message) {
        if (published) {
            return;
        }
        PodCondition condition = new PodConditionBuilder()
                .withType("PodScheduled")
                .withStatus("False")
                .withReason("Unschedulable")
                .withMessage(message)
                .withLastTransitionTime(startTime.toString())
                .build();
        patch("status", Map.of("status", Map.of("phase", "Pending", "conditions", List.of(condition))));
    }

    /** The pod's processes are gone: so may the pod be. */
    void release() {
        Map<String, @Nullable Object> metadata = new HashMap<>();
        metadata.put("finalizers", null);
        patch("", Map.of("metadata", metadata));
    }

    private void patch(String subresource, Map<String, ?> change) {
        try {
            var resource = client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName());
            var target = subresource.isEmpty() ? resource : resource.subresource(subresource);
            target.patch(PatchContext.of(PatchType.JSON_MERGE), Serialization.asJson(change));
        } catch (KubernetesClientException e) {
            if (e.getCode() != HTTP_NOT_FOUND) {
                throw e;
            }
        }
    }

    private synchronized PodStatus status(String phase, @Nullable String reason, @Nullable String message) {
        published = true;
        boolean ready = phase.equals("Running");
        return new PodStatusBuilder()
                .withPhase(phase)
                .withReason(reason)
                .withMessage(message)
                .withHostIP(LOOPBACK)
                .withPodIP(LOOPBACK)
                .withStartTime(startTime.toString())
                .withConditions(
                        condition("PodScheduled", true),
                        condition("Initialized", true),
                        condition("ContainersReady", ready),
                        condition("Ready", ready))
                .withInitContainerStatuses(containers(pod.getSpec().getInitContainers()))
                .withContainerStatuses(containers(pod.getSpec().getContainers()))
                .build();
    }

    private PodCondition condition(String type, boolean status) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status ? "True" : "False")
                .withLastTransitionTime(startTime.toString())
                .build();
    }

    private List<ContainerStatus> containers(List<Container> containers) {
        return containers.stream().map(this::container).toList();
    }

    private ContainerStatus container(Container container) {
        ContainerState state = Optional.ofNullable(states.get(container.getName()))
                .orElseGet(() -> new ContainerStateBuilder()
                        .withNewWaiting()
                        .withReason("PodInitializing")
                        .endWaiting()
                        .build());
        boolean running = state.getRunning() != null;
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withRestartCount(restarts.getOrDefault(container.getName(), 0))
                .withReady(running)
                .withStarted(running)
                .withState(state)
                .build();
    }
}
