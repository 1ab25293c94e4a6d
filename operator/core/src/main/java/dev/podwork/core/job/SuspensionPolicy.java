package dev.podwork.core.job;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;

/** The job was suspended after its attempt had begun. That ends the attempt; another follows once the job is resumed. */
final class SuspensionPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        JobSpec spec = snapshot.job().getSpec();
        Pod pod = snapshot.pod();
        if (spec == null || !spec.isSuspended() || pod == null) {
            return Optional.empty();
        }
        String message =
                "The job was suspended while it was in pod %s; another attempt starts once spec.suspended is false"
                        .formatted(snapshot.podName());
        return Optional.of(Ending.suspended(snapshot, Classification.failure(Reasons.SUSPENDED, message)));
    }
}
