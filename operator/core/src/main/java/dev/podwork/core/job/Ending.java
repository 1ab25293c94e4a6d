package dev.podwork.core.job;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobStatus;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.pod.Lingering;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Objects;

/** Ends a job, and then sees to it that its pod ends too. */
final class Ending {

    private Ending() {}

    static JobDecision of(JobSnapshot snapshot, Classification ending) {
        JobStatus ended = NextStatus.ended(snapshot, ending);
        Pod pod = snapshot.pod();
        return pod != null && Lingering.is(pod)
                ? JobDecision.write(ended, removalDue(snapshot, ended))
                : JobDecision.write(ended);
    }

    /** What is left to do about a job that has ended. */
    static JobDecision after(JobSnapshot snapshot) {
        Pod pod = snapshot.pod();
        if (pod == null || !Lingering.is(pod)) {
            return JobDecision.nothing(snapshot);
        }
        Instant due = removalDue(snapshot, snapshot.status());
        return snapshot.now().isBefore(due) ? JobDecision.waitUntil(snapshot, due) : JobDecision.remove(snapshot, pod);
    }

    private static Instant removalDue(JobSnapshot snapshot, JobStatus ended) {
        Instant started = JobSnapshot.last(ended).map(AttemptStatus::startedAt).orElse(null);
        return Lingering.due(started, Objects.requireNonNullElseGet(ended.completedAt(), snapshot::created));
    }
}
