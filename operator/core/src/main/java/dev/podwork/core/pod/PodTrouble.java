package dev.podwork.core.pod;

import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a pod does not start, in the scheduler's or the kubelet's words.
 *
 * @param outlook what comes of it if nobody does anything
 */
public record PodTrouble(String reason, String message, Outlook outlook) {

    public enum Outlook {
        /** It may go away. */
        OPEN,
        /** The same, and the words say only that another try comes: they add nothing to earlier ones. */
        TRIED_AGAIN,
        /** It is as it is, for ever. */
        HOPELESS
    }

    /** These can be told from the pod's own spec, and no registry changes them. */
    private static final Set<String> HOPELESS = Set.of("InvalidImageName", "ErrImageNeverPull");

    private static final String IMAGE_BACK_OFF = "ImagePullBackOff";

    private static final Set<String> IMAGE = Set.of(
            "ErrImagePull",
            IMAGE_BACK_OFF,
            "InvalidImageName",
            "ErrImageNeverPull",
            "ImageInspectError",
            "RegistryUnavailable",
            "SignatureValidationFailed");

    /** The image is there, and no container can be made of it as the template asks for. */
    private static final Set<String> CONTAINER = Set.of("CreateContainerConfigError", "CreateContainerError");

    private static final Set<String> STARTING = Set.of("RunContainerError", "CrashLoopBackOff", "PostStartHookError");

    /** Whether whoever gave this reason before told more of it. */
    public boolean isToldBetterBy(@Nullable String earlier) {
        return outlook == Outlook.TRIED_AGAIN && reason.equals(earlier);
    }

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
                .map(message -> new PodTrouble(Reasons.UNSCHEDULABLE, message, Outlook.OPEN));
    }

    private static Optional<PodTrouble> waiting(ContainerStatus status) {
        ContainerStateWaiting waiting =
                status.getState() == null ? null : status.getState().getWaiting();
        if (waiting == null || waiting.getReason() == null) {
            return Optional.empty();
        }
        return reason(waiting.getReason())
                .map(reason -> new PodTrouble(reason, words(status, waiting), outlook(waiting.getReason())));
    }

    private static Optional<String> reason(String told) {
        if (IMAGE.contains(told)) {
            return Optional.of(Reasons.IMAGE);
        }
        if (CONTAINER.contains(told)) {
            return Optional.of(Reasons.CONTAINER);
        }
        return STARTING.contains(told) ? Optional.of(Reasons.STARTING) : Optional.empty();
    }

    private static Outlook outlook(String told) {
        if (HOPELESS.contains(told)) {
            return Outlook.HOPELESS;
        }
        return IMAGE_BACK_OFF.equals(told) ? Outlook.TRIED_AGAIN : Outlook.OPEN;
    }

    /** With the image, which the kubelet does not name each time. */
    private static String words(ContainerStatus status, ContainerStateWaiting waiting) {
        String image = status.getImage() == null || status.getImage().isEmpty() ? "" : ", image " + status.getImage();
        String told = waiting.getMessage() == null ? "" : ": " + waiting.getMessage();
        return "Container %s%s: %s%s".formatted(status.getName(), image, waiting.getReason(), told);
    }
}
