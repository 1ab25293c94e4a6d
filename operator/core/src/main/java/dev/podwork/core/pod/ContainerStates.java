package dev.podwork.core.pod;

import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds one's way in a pod's status, any part of which may be missing. */
final class ContainerStates {

    private ContainerStates() {}

    static PodStatus status(Pod pod) {
        return pod.getStatus() == null ? new PodStatus() : pod.getStatus();
    }

    /** In the order in which they start. */
    static Stream<ContainerStatus> all(Pod pod) {
        return Stream.concat(
                status(pod).getInitContainerStatuses().stream(), status(pod).getContainerStatuses().stream());
    }

    static Optional<PodCondition> condition(Pod pod, String type) {
        return status(pod).getConditions().stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    static Optional<ContainerStateTerminated> terminated(ContainerStatus status) {
        return Optional.ofNullable(status.getState()).map(state -> state.getTerminated());
    }

    static Optional<ContainerStateTerminated> workerTerminated(Pod pod) {
        return status(pod).getContainerStatuses().stream()
                .filter(status -> WorkerDefinitionSpec.WORKER_CONTAINER.equals(status.getName()))
                .findFirst()
                .flatMap(ContainerStates::terminated);
    }
}
