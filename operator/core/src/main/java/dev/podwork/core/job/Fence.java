package dev.podwork.core.job;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.core.attempt.AttemptKey;
import java.util.Optional;

/** Which attempt a job is at: what any other tells is refused, though its pod may still run. */
public final class Fence {

    private Fence() {}

    /** Whether nothing is expected of an attempt any more. */
    public static boolean isOver(Job job, int number, String podUid) {
        JobStatus status = JobSnapshot.statusOf(job);
        return (status.phase() != null && status.phase().isTerminal())
                || job.isMarkedForDeletion()
                || !isCurrent(status, number, podUid);
    }

    /** A superseded attempt has an earlier number; a pod that took another's place has another UID. */
    public static boolean isCurrent(JobStatus status, int number, String podUid) {
        return number == JobSnapshot.attemptNumber(status)
                && JobSnapshot.knownPodUid(status, null).map(podUid::equals).orElse(true);
    }

    /**
     * Whether a status says that an attempt's worker has the job. Not before may the worker begin: of two operators that both would
     * let one begin, the API server takes only one's word.
     */
    public static boolean isStarted(JobStatus status, AttemptKey attempt) {
        return recorded(status, attempt.podUid()).map(AttemptStatus::startedAt).isPresent();
    }

    /** Up to which of its worker's messages a status has an attempt: so much may be forgotten elsewhere. */
    public static long acknowledged(JobStatus status, AttemptKey attempt) {
        return recorded(status, attempt.podUid())
                .map(AttemptStatus::acknowledged)
                .orElse(0L);
    }

    /** What a status says of a pod's attempt; empty before its first record. */
    public static Optional<AttemptStatus> recorded(JobStatus status, String podUid) {
        return status.attempts().stream()
                .filter(attempt -> podUid.equals(attempt.podUid()))
                .findFirst();
    }
}
