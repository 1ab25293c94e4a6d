package dev.podwork.core.job;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.admission.Admission;
import java.util.Objects;
import java.util.Optional;

/** The worker may not run more jobs at once. What is told of the queue is told once: the queue moving on is no news. */
final class AdmissionPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        if (snapshot.admission() == null) {
            return Optional.of(JobDecision.claim(snapshot));
        }
        return snapshot.admission() instanceof Admission.Waiting waiting
                ? Optional.of(waiting(snapshot, waiting))
                : Optional.empty();
    }

    private static JobDecision waiting(JobSnapshot snapshot, Admission.Waiting waiting) {
        boolean aboutToChange = waiting.limit() == 0;
        return aboutToChange || isTold(snapshot)
                ? JobDecision.nothing(snapshot)
                : JobDecision.write(NextStatus.waiting(
                        snapshot, Phase.QUEUED, Reasons.AT_CONCURRENCY_LIMIT, message(snapshot, waiting)));
    }

    /** A change of the job's spec may have changed its place. */
    private static boolean isTold(JobSnapshot snapshot) {
        JobStatus status = snapshot.status();
        return Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason())
                && Objects.equals(status.worker(), snapshot.workerName())
                && Objects.equals(
                        status.observedGeneration(),
                        snapshot.job().getMetadata().getGeneration());
    }

    private static String message(JobSnapshot snapshot, Admission.Waiting waiting) {
        return "Worker \"%s\" runs %d of at most %s; %s ahead"
                .formatted(
                        snapshot.workerName(),
                        waiting.running(),
                        waiting.limit() == 1 ? "1 job" : waiting.limit() + " jobs",
                        switch (waiting.ahead()) {
                            case 0 -> "no job is";
                            case 1 -> "1 job is";
                            default -> waiting.ahead() + " jobs are";
                        });
    }
}
