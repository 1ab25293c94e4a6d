package dev.podwork.core.pod;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether a pod is being, or was, taken away from its worker: deleted, evicted, preempted, or lost with its node. */
public final class PodLoss {

    /** How long after its grace period a deleted pod may stay: its node may never again say that it is gone. */
    private static final Duration LOST_NODE = Duration.ofSeconds(30);

    /** The kubelet ended the pod at the deadline that backs ours up. */
    private static final String DEADLINE = "DeadlineExceeded";

    private PodLoss() {}

    /** Why; empty when nothing takes the pod away. */
    public static Optional<String> reason(Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<String> disruption = ContainerStates.condition(pod, "DisruptionTarget")
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(condition -> said(name, condition.getReason(), condition.getMessage()));
        return disruption
                .or(() -> Optional.ofNullable(ContainerStates.status(pod).getReason())
                        .map(reason ->
                                said(name, reason, ContainerStates.status(pod).getMessage())))
                .or(() -> Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                        .map(deleted -> "Pod %s was deleted before the job ended".formatted(name)));
    }

    /** What the loss of the pod means for its attempt; empty when it is not lost. */
    static Optional<Classification> classification(Pod pod) {
        return isPastDeadline(pod)
                ? Optional.of(Classification.failure(Reasons.ATTEMPT_TIMEOUT, pastDeadline(pod)))
                : reason(pod).map(words -> Classification.failure(Reasons.POD_LOST, words));
    }

    /** Whatever its worker made of it: it was told to end, and too late. */
    static boolean isPastDeadline(Pod pod) {
        return DEADLINE.equals(ContainerStates.status(pod).getReason());
    }

    private static String pastDeadline(Pod pod) {
        return "The kubelet ended pod %s at its deadline of %s s, which is beyond all limits; no operator was there to end it sooner"
                .formatted(
                        pod.getMetadata().getName(),
                        pod.getSpec() == null ? "?" : pod.getSpec().getActiveDeadlineSeconds());
    }

    /** When a deleted pod counts as gone, if its node doesn't say so before; empty when it is not deleted. */
    public static Optional<Instant> presumedGone(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                .map(Instant::parse)
                .map(end -> end.plus(LOST_NODE));
    }

    private static String said(String pod, String reason, String message) {
        String words = message == null || message.isBlank() ? "" : ": " + message;
        return "Pod %s was lost before the job ended: %s%s".formatted(pod, reason, words);
    }
}
