package dev.podwork.core.job;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Something that a person who describes a job would want to see among its events. A job that goes well has none. */
public record Notice(String reason, String message) {

    private static final Set<String> TROUBLES = Set.of(
            Reasons.NO_WORKER,
            Reasons.WORKER_NOT_READY,
            Reasons.WORKER_REVISION_NOT_FOUND,
            Reasons.POD_REFUSED,
            Reasons.POD_CONFLICT,
            Reasons.UNSCHEDULABLE,
            Reasons.IMAGE);

    /** What a change of a status gives notice of: a reason is told once, not each time that its words change. */
    public static Optional<Notice> of(JobStatus before, JobStatus after) {
        String reason = after.reason();
        if (reason == null) {
            return Optional.empty();
        }
        boolean failed = after.phase() == Phase.FAILED;
        boolean trouble = TROUBLES.contains(reason) && !reason.equals(before.reason());
        return failed || trouble
                ? Optional.of(new Notice(reason, Objects.requireNonNullElse(after.message(), "")))
                : Optional.empty();
    }
}
