package dev.podwork.core.job;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.ownership.Ownership;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pods that a decision about a job is made on. That one is gone fails an attempt, or lets the next one start, so it must
 * be true: the watch may merely not have brought the pod yet.
 *
 * @param known a pod by its name, from memory
 * @param read a pod by its name, from the API server
 */
public record JobPods(Job job, Function<String, Optional<Pod>> known, Function<String, Optional<Pod>> read) {

    /** The pod of the current attempt, or of the last when the job has ended. */
    public Optional<Pod> current(@Nullable AttemptReport report) {
        JobStatus status = JobSnapshot.statusOf(job);
        Optional<String> uid = JobSnapshot.knownPodUid(status, report);
        boolean ended = status.phase() != null && status.phase().isTerminal();
        return find(JobSnapshot.attemptNumber(status), uid, uid.isPresent() && !ended);
    }

    /** The pod of the attempt before, while the next has none yet: then nobody asks for it any more. */
    public Optional<Pod> superseded() {
        JobStatus status = JobSnapshot.statusOf(job);
        int next = JobSnapshot.attemptNumber(status);
        // A pod of the same name that was lost before the attempt's own may still be in memory.
        Optional<String> uid = JobSnapshot.last(status).map(AttemptStatus::podUid);
        return next > 1 && JobSnapshot.knownPodUid(status, null).isEmpty()
                ? find(next - 1, uid, status.phase() == Phase.RETRYING)
                : Optional.empty();
    }

    private Optional<Pod> find(int attempt, Optional<String> uid, boolean mustBeTrue) {
        String name = PodTemplate.podName(job.getMetadata().getName(), attempt);
        Optional<Pod> found = known.apply(name).filter(pod -> is(pod, uid));
        return found.isEmpty() && mustBeTrue ? read.apply(name).filter(pod -> is(pod, uid)) : found;
    }

    private boolean is(Pod pod, Optional<String> uid) {
        return Ownership.isControlledBy(pod, job)
                && (uid.isEmpty() || uid.get().equals(pod.getMetadata().getUid()));
    }
}
