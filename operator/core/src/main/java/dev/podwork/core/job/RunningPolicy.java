package dev.podwork.core.job;

import dev.podwork.api.job.Phase;
import java.util.Optional;

/** The worker has the job. */
final class RunningPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        if (snapshot.report() != null && snapshot.report().startedAt() != null) {
            return Optional.of(JobDecision.write(NextStatus.running(snapshot)));
        }
        // After a restart of the operator it takes a moment until the pod's relay is connected again.
        return snapshot.status().phase() == Phase.RUNNING
                ? Optional.of(JobDecision.nothing(snapshot))
                : Optional.empty();
    }
}
