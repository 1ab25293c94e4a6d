package dev.podwork.core.attempt;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * How long a worker has to go once its attempt is over.
 *
 * @param cooperation to end by itself, before SIGTERM
 * @param termination after SIGTERM, before SIGKILL
 */
public record EndGrace(Duration cooperation, Duration termination) {

    private static final Duration COOPERATION = Duration.ofSeconds(5);
    /** As Kubernetes has it. */
    private static final Duration DEFAULT_TERMINATION = Duration.ofSeconds(30);

    /** What the pod says itself governs SIGKILL, as it does when the kubelet ends it. */
    public static EndGrace of(Pod pod) {
        return new EndGrace(
                COOPERATION,
                Optional.ofNullable(pod.getSpec())
                        .map(PodSpec::getTerminationGracePeriodSeconds)
                        .map(Duration::ofSeconds)
                        .orElse(DEFAULT_TERMINATION));
    }

    public Duration total() {
        return cooperation.plus(termination);
    }
}
