package dev.podwork.core.job;

import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.pod.PodTemplate;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A worker is ready and there is no pod yet. */
final class PodCreationPolicy implements JobPolicy {

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(2);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final PodTemplate template;

    PodCreationPolicy(PodTemplate template) {
        this.template = template;
    }

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        if (snapshot.creation() instanceof PodCreation.Refused refused) {
            // When to try again is a matter of all the worker's jobs, and they take turns.
            return Optional.of(JobDecision.write(
                    NextStatus.waiting(snapshot, Phase.QUEUED, Reasons.POD_REFUSED, refused.message())));
        }
        if (snapshot.creation() instanceof PodCreation.Conflict conflict) {
            return Optional.of(JobDecision.write(
                    NextStatus.waiting(snapshot, Phase.QUEUED, Reasons.POD_CONFLICT, conflict.message()),
                    nextTry(snapshot)));
        }
        return Optional.of(JobDecision.create(
                snapshot,
                template.podFor(
                        snapshot.job(),
                        Objects.requireNonNull(snapshot.worker()),
                        snapshot.attemptNumber(),
                        snapshot.status().raisedMemory())));
    }

    /** As long again as the job has waited already: that backs off, and needs no memory of earlier tries. */
    private static Instant nextTry(JobSnapshot snapshot) {
        Duration age = snapshot.age();
        Duration wait = age.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : age;
        return snapshot.now().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait);
    }
}
