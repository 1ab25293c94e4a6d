package dev.podwork.core.job;

import dev.podwork.api.job.JobStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What to do about a job.
 *
 * @param status what its status must say; equal to what it says when there is nothing to write
 * @param claim whether the job needs a slot of its worker's first, after which there is more to decide
 * @param pod a pod to create, after which there is more to decide; null when none is needed
 * @param remove a pod to delete; null when none must go
 * @param revisit when to decide anew, if nothing happens before; null when only news can change anything
 */
public record JobDecision(
        JobStatus status,
        boolean claim,
        @Nullable Pod pod,
        @Nullable Pod remove,
        @Nullable Instant revisit) {

    /** One that asks for no slot. */
    public JobDecision(JobStatus status, @Nullable Pod pod, @Nullable Pod remove, @Nullable Instant revisit) {
        this(status, false, pod, remove, revisit);
    }

    static JobDecision write(JobStatus status) {
        return new JobDecision(status, null, null, null);
    }

    static JobDecision write(JobStatus status, Instant revisit) {
        return new JobDecision(status, null, null, revisit);
    }

    static JobDecision nothing(JobSnapshot snapshot) {
        return new JobDecision(snapshot.status(), null, null, null);
    }

    static JobDecision waitUntil(JobSnapshot snapshot, Instant revisit) {
        return new JobDecision(snapshot.status(), null, null, revisit);
    }

    static JobDecision claim(JobSnapshot snapshot) {
        return new JobDecision(snapshot.status(), true, null, null, null);
    }

    static JobDecision create(JobSnapshot snapshot, Pod pod) {
        return new JobDecision(snapshot.status(), pod, null, null);
    }

    static JobDecision remove(JobSnapshot snapshot, Pod pod) {
        return new JobDecision(snapshot.status(), null, pod, null);
    }

    /** The same, after which a pod must go. */
    JobDecision removing(Pod left) {
        return new JobDecision(status, claim, pod, left, revisit);
    }

    /** The same with another status. */
    JobDecision telling(JobStatus told) {
        return new JobDecision(told, claim, pod, remove, revisit);
    }

    /** Whether the job ends with this, or waits for another attempt: the one before is over then. */
    public boolean endsAttempt(JobStatus before) {
        boolean ended = status.phase() != null && status.phase().isTerminal();
        return ended || JobSnapshot.attemptNumber(status) != JobSnapshot.attemptNumber(before);
    }

    /** The same, with a moment at which to decide anew at the latest. What has ended needs none. */
    JobDecision by(@Nullable Instant due) {
        boolean ended = status.phase() != null && status.phase().isTerminal();
        return ended || due == null || (revisit != null && !revisit.isAfter(due))
                ? this
                : new JobDecision(status, claim, pod, remove, due);
    }
}
