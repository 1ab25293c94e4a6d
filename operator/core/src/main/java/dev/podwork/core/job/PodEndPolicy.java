package dev.podwork.core.job;

import dev.podwork.core.pod.PodEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The kubelet says that the worker has ended, and the session has not told how. */
final class PodEndPolicy implements JobPolicy {

    /** The session knows more than the kubelet (result, stderr), and may be just about to tell it. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return Optional.ofNullable(snapshot.pod()).flatMap(PodEnd::of).map(end -> decide(snapshot, end));
    }

    private static JobDecision decide(JobSnapshot snapshot, PodEnd end) {
        Instant graceEnds = Objects.requireNonNullElse(snapshot.podEndSeen(), snapshot.now())
                .plus(GRACE);
        return end.certain() || !snapshot.now().isBefore(graceEnds)
                ? Ending.of(snapshot, end.classification())
                : JobDecision.waitUntil(snapshot, graceEnds);
    }
}
