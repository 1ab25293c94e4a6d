package dev.podwork.core.job;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.pod.PodEnd;
import dev.podwork.core.pod.PodLoss;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Optional;

/**
 * The attempt had a pod, and it is gone, or deleted and on a node that no longer answers. Another pod for the same attempt would
 * run the job twice.
 */
final class PodLostPolicy implements JobPolicy {

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        Pod pod = snapshot.pod();
        if (pod == null) {
            return snapshot.knownPodUid()
                    .map(uid ->
                            lost(snapshot, "Pod %s was deleted before the job ended".formatted(snapshot.podName())));
        }
        Optional<Instant> presumedGone = PodLoss.presumedGone(pod);
        if (presumedGone.isEmpty() || PodEnd.of(pod).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                snapshot.now().isBefore(presumedGone.get())
                        ? JobDecision.write(meanwhile(snapshot), presumedGone.get())
                        : lost(snapshot, PodLoss.reason(pod).orElseThrow()));
    }

    /** A worker that ends in its grace period may still give its result, and tell more before. */
    private static JobStatus meanwhile(JobSnapshot snapshot) {
        return snapshot.report() != null && snapshot.report().startedAt() != null
                ? NextStatus.running(snapshot)
                : snapshot.status();
    }

    private static JobDecision lost(JobSnapshot snapshot, String message) {
        return Ending.of(snapshot, Classification.failure(Reasons.POD_LOST, message));
    }
}
