package dev.podwork.core.pod;

import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Optional;
import java.util.Set;

/**
 * Why a pod does not start, in the scheduler's or the kubelet's words.
 *
 * @param passing true when the words say only that another try comes, so that they add nothing to earlier ones
 */
public record PodTrouble(String reason, String message, boolean passing) {

    private static final Set<String> IMAGE = Set.of(
            "ErrImagePull",
            "ImagePullBackOff",
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    private static final Set<String> CONTAINER = Set.of(
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "CrashLoopBackOff",
            "PostStartHookError");

    public static Optional<PodTrouble> of(Pod pod) {
        return unschedulable(pod)
                .or(() -> ContainerStates.all(pod)
                        .flatMap(status -> waiting(status).stream())
                        .findFirst());
    }

    private static Optional<PodTrouble> unschedulable(Pod pod) {
        return ContainerStates.condition(pod, "PodScheduled")
                .filter(condition ->
                        "False".equals(condition.getStatus()) && Reasons.UNSCHEDULABLE.equals(condition.getReason()))
                .map(PodCondition::getMessage)
                .map(message -> new PodTrouble(Reasons.UNSCHEDULABLE, message, false));
    }

    private static Optional<PodTrouble> waiting(ContainerStatus status) {
        ContainerStateWaiting waiting =
                status.getState() == null ? null : status.getState().getWaiting();
        if (waiting == null || waiting.getReason() == null) {
            return Optional.empty();
        }
        String words = "Container %s: %s%s"
                .formatted(
                        status.getName(),
                        waiting.getReason(),
                        waiting.getMessage() == null ? "" : ": " + waiting.getMessage());
        if (IMAGE.contains(waiting.getReason())) {
            return Optional.of(new PodTrouble(Reasons.IMAGE, words, "ImagePullBackOff".equals(waiting.getReason())));
        }
        return CONTAINER.contains(waiting.getReason())
                ? Optional.of(new PodTrouble(Reasons.STARTING, words, false))
                : Optional.empty();
    }
}
