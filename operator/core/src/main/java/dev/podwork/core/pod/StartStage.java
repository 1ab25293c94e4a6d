package dev.podwork.core.pod;

import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** How far a pod has come on its way to giving its worker the job. */
public final class StartStage {

    private StartStage() {}

    /** What the pod waits for, in words. */
    public static String of(Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<PodTrouble> trouble = PodTrouble.of(pod);
        if (pod.getSpec() == null || pod.getSpec().getNodeName() == null) {
            return "pod %s was not scheduled%s".formatted(name, words(trouble));
        }
        if (trouble.isPresent()) {
            return "pod %s did not start%s".formatted(name, words(trouble));
        }
        if (!isRunning(pod, RelayContainer.NAME)) {
            return "the relay of pod %s did not start; its node may still be pulling the image".formatted(name);
        }
        if (!isRunning(pod, WorkerDefinitionSpec.WORKER_CONTAINER)) {
            return "the worker's container in pod %s did not start; its node may still be pulling the image"
                    .formatted(name);
        }
        return "the worker in pod %s did not get the job; its relay may not reach the operator".formatted(name);
    }

    private static String words(Optional<PodTrouble> trouble) {
        return trouble.map(told -> ": " + told.message()).orElse("");
    }

    private static boolean isRunning(Pod pod, String container) {
        return ContainerStates.all(pod)
                .filter(status -> container.equals(status.getName()))
                .anyMatch(StartStage::isRunning);
    }

    private static boolean isRunning(ContainerStatus status) {
        return status.getState() != null && status.getState().getRunning() != null;
    }
}
