package dev.podwork.core.job;

import dev.podwork.api.job.Phase;
import dev.podwork.core.attempt.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The worker has the job. One that is done with it at once is spared the write: its end tells all of it. */
final class RunningPolicy implements JobPolicy {

    private static final Duration WORTH_TELLING = Duration.ofMillis(200);

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        AttemptReport report = snapshot.report();
        if (report != null && report.startedAt() != null) {
            Instant tellAt = report.startedAt().plus(WORTH_TELLING);
            return Optional.of(
                    isOnlyTheStart(snapshot, report) && snapshot.now().isBefore(tellAt)
                            ? JobDecision.waitUntil(snapshot, tellAt)
                            : JobDecision.write(NextStatus.running(snapshot)));
        }
        // After a restart of the operator it takes a moment until the pod's relay is connected again.
        return snapshot.status().phase() == Phase.RUNNING
                ? Optional.of(JobDecision.nothing(snapshot))
                : Optional.empty();
    }
    /** Otherwise there is what its session needs to be recorded, so that the worker can go on. */
    private static boolean isOnlyTheStart(JobSnapshot snapshot, AttemptReport report) {
        return snapshot.status().phase() != Phase.RUNNING && report.sequence() == 0;
    }
}
