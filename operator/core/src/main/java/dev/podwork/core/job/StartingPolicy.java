package dev.podwork.core.job;

import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.pod.PodTrouble;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The pod is there, and its worker does not have the job yet. A start that goes well is over before it is worth a write. */
final class StartingPolicy implements JobPolicy {

    private static final Duration WORTH_TELLING = Duration.ofSeconds(5);

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return Optional.ofNullable(snapshot.pod())
                .map(pod -> PodTrouble.of(pod)
                        .map(trouble -> troubled(snapshot, trouble))
                        .orElseGet(() -> untroubled(snapshot, pod)));
    }

    private static JobDecision troubled(JobSnapshot snapshot, PodTrouble trouble) {
        return trouble.isToldBetterBy(snapshot.status().reason())
                ? JobDecision.nothing(snapshot)
                : JobDecision.write(NextStatus.waiting(snapshot, Phase.STARTING, trouble.reason(), trouble.message()));
    }

    private static JobDecision untroubled(JobSnapshot snapshot, Pod pod) {
        Instant tellAt = Instant.parse(pod.getMetadata().getCreationTimestamp()).plus(WORTH_TELLING);
        boolean troubleTold = snapshot.status().phase() == Phase.STARTING;
        return troubleTold || !snapshot.now().isBefore(tellAt)
                ? JobDecision.write(NextStatus.waiting(
                        snapshot,
                        Phase.STARTING,
                        Reasons.STARTING,
                        "Waits for pod %s to start its worker".formatted(snapshot.podName())))
                : JobDecision.waitUntil(snapshot, tellAt);
    }
}
