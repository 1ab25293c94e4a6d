package dev.podwork.core.job;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.core.pod.Lingering;
import dev.podwork.core.pod.PodEnd;
import dev.podwork.core.pod.PodLoss;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The next attempt waits for its time, and for the pod of the one before to be gone: they would get into each other's way. */
final class RetryingPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return Optional.ofNullable(snapshot.superseded())
                .filter(pod -> PodEnd.of(pod).isEmpty())
                .flatMap(pod -> ending(snapshot, pod))
                .or(() -> pause(snapshot));
    }

    private static Optional<JobDecision> pause(JobSnapshot snapshot) {
        return Optional.ofNullable(snapshot.status().nextAttemptAt())
                .filter(next -> snapshot.status().phase() == Phase.RETRYING)
                .filter(next -> snapshot.now().isBefore(next))
                .map(next -> JobDecision.waitUntil(snapshot, next));
    }

    /** Empty when the pod may be on its node for ever, which no longer answers: its calls are refused, and that must do. */
    private static Optional<JobDecision> ending(JobSnapshot snapshot, Pod pod) {
        Optional<Instant> presumedGone = PodLoss.presumedGone(pod);
        Instant due = presumedGone.orElseGet(() -> removalDue(snapshot, pod));
        if (snapshot.now().isBefore(due)) {
            return Optional.of(JobDecision.waitUntil(snapshot, due));
        }
        return presumedGone.isPresent() ? Optional.empty() : Optional.of(JobDecision.remove(snapshot, pod));
    }

    private static Instant removalDue(JobSnapshot snapshot, Pod pod) {
        AttemptStatus failed = JobSnapshot.last(snapshot.status()).orElseThrow();
        return Lingering.due(pod, failed.startedAt(), Objects.requireNonNullElse(failed.endedAt(), snapshot.now()));
    }
}
