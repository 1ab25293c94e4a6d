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
        String reason = waiting.refusal() == null ? Reasons.AT_CONCURRENCY_LIMIT : Reasons.POD_REFUSED;
        return aboutToChange || isTold(snapshot, reason)
                ? JobDecision.nothing(snapshot)
                : JobDecision.write(NextStatus.waiting(snapshot, Phase.QUEUED, reason, message(snapshot, waiting)));
    }

    /** A change of the job's spec may have changed its place. */
    private static boolean isTold(JobSnapshot snapshot, String reason) {
        JobStatus status = snapshot.status();
        return reason.equals(status.reason())
                && Objects.equals(status.worker(), snapshot.workerName())
                && Objects.equals(
                        status.observedGeneration(),
                        snapshot.job().getMetadata().getGeneration());
    }

    private static String message(JobSnapshot snapshot, Admission.Waiting waiting) {
        String ahead = switch (waiting.ahead()) {
            case 0 -> "no job is ahead";
            case 1 -> "1 job is ahead";
            default -> waiting.ahead() + " jobs are ahead";
        };
        boolean several = waiting.others() > 0;
        String who = several
                ? "Worker \"%s\" and %d more".formatted(snapshot.workerName(), waiting.others())
                : "Worker \"%s\"".formatted(snapshot.workerName());
        return waiting.refusal() == null
                ? "%s %s %d of at most %s; %s"
                        .formatted(
                                who,
                                several ? "run" : "runs",
                                waiting.running(),
                                waiting.limit() == 1 ? "1 job" : waiting.limit() + " jobs",
                                ahead)
                : "%s %s no pods for now; %s. %s".formatted(who, several ? "get" : "gets", ahead, waiting.refusal());
    }
}
