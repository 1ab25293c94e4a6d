package dev.podwork.core.job;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import java.util.Optional;

/** Somebody wants the job ended. What it has told by then counts; what comes later is too late. */
final class CancellationPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        return snapshot.job().getSpec() != null && snapshot.job().getSpec().isCancelled()
                ? Optional.of(Ending.of(snapshot, Classification.failure(Reasons.CANCELLED, message(snapshot))))
                : Optional.empty();
    }

    private static String message(JobSnapshot snapshot) {
        return Attempts.current(snapshot)
                .map(attempt -> attempt.startedAt() == null
                        ? "The job was cancelled while pod %s was starting".formatted(attempt.pod())
                        : "The job was cancelled while it ran in pod %s".formatted(attempt.pod()))
                .orElse(
                        snapshot.attemptNumber() == 1
                                ? "The job was cancelled before it started"
                                : "The job was cancelled while it waited for attempt %d"
                                        .formatted(snapshot.attemptNumber()));
    }
}
