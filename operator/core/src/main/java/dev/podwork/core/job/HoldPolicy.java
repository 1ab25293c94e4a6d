package dev.podwork.core.job;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import java.time.Instant;
import java.util.Optional;

/** The job itself asks not to be started yet. */
final class HoldPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        JobSpec spec = snapshot.job().getSpec();
        if (spec == null) {
            return Optional.empty();
        }
        if (spec.isSuspended()) {
            return Optional.of(JobDecision.write(NextStatus.waiting(
                    snapshot,
                    Phase.QUEUED,
                    Reasons.SUSPENDED,
                    "The job is suspended: it starts once spec.suspended is false")));
        }
        if (Reasons.SUSPENDED.equals(snapshot.status().reason())) {
            return Optional.of(JobDecision.write(
                    NextStatus.waiting(snapshot, Phase.QUEUED, Reasons.QUEUED, "The job was resumed"), snapshot.now()));
        }
        Instant start = spec.notBefore();
        return start != null && snapshot.now().isBefore(start)
                ? Optional.of(JobDecision.write(
                        NextStatus.waiting(
                                snapshot,
                                Phase.QUEUED,
                                Reasons.NOT_BEFORE,
                                "The job does not start before %s, its spec.notBefore".formatted(start)),
                        start))
                : Optional.empty();
    }
}
