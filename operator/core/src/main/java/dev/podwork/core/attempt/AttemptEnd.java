package dev.podwork.core.attempt;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an attempt is over, as its worker is told when it is still at it.
 *
 * @param reason one of {@link Reasons}
 * @param message the same for people
 */
public record AttemptEnd(String reason, String message) {

    public static final AttemptEnd DELETED = new AttemptEnd(Reasons.DELETED, "The job was deleted");

    private static final AttemptEnd SUPERSEDED =
            new AttemptEnd(Reasons.SUPERSEDED, "Another attempt has taken the place of this one");

    /** What a job's status says of an attempt that has ended, or is not the job's any more. */
    public static AttemptEnd of(Job job, String podUid) {
        if (job.isMarkedForDeletion()) {
            return DELETED;
        }
        return Optional.ofNullable(job.getStatus()).stream()
                .map(JobStatus::attempts)
                .flatMap(attempts -> attempts.stream())
                .filter(attempt -> podUid.equals(attempt.podUid()))
                .findFirst()
                .flatMap(AttemptEnd::of)
                .orElse(SUPERSEDED);
    }

    private static Optional<AttemptEnd> of(AttemptStatus attempt) {
        @Nullable String reason = attempt.reason();
        return reason == null
                ? Optional.empty()
                : Optional.of(new AttemptEnd(reason, Objects.requireNonNullElse(attempt.message(), reason)));
    }

    /** Whether the worker has done what it was asked: then there is nothing to cancel. */
    public boolean isSuccess() {
        return Reasons.SUCCEEDED.equals(reason);
    }
}
