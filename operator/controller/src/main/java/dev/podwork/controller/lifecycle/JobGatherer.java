package dev.podwork.controller.lifecycle;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.controller.job.Jobs;
import dev.podwork.controller.pod.Pods;
import dev.podwork.controller.worker.Definitions;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.pod.Ownership;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes together what is known of a job, from memory. */
final class JobGatherer {

    private final Definitions definitions;
    private final Pods pods;
    private final AttemptPorts attempts;
    private final Clock clock;
    private final Instant watching;

    JobGatherer(Definitions definitions, Pods pods, AttemptPorts attempts, Clock clock) {
        this.definitions = definitions;
        this.pods = pods;
        this.attempts = attempts;
        this.clock = clock;
        this.watching = clock.instant();
    }

    JobSnapshot snapshot(Job job) {
        JobStatus status = JobSnapshot.statusOf(job);
        AttemptReport report = attempts.latest(job).orElse(null);
        return snapshot(job, status, report, certainPod(job, status, report).orElse(null));
    }

    /** The same without asking the API server about a pod that may be gone. */
    JobSnapshot remembered(Job job) {
        JobStatus status = JobSnapshot.statusOf(job);
        AttemptReport report = attempts.latest(job).orElse(null);
        return snapshot(job, status, report, pod(job, status, report).orElse(null));
    }

    private JobSnapshot snapshot(Job job, JobStatus status, @Nullable AttemptReport report, @Nullable Pod pod) {
        return new JobSnapshot(
                job,
                status,
                definitions.serving(job).orElse(null),
                pod,
                pod == null ? null : pods.endSeen(pod).orElse(null),
                report,
                null,
                null,
                superseded(job, status).orElse(null),
                pod == null ? null : attempts.contact(pod).orElse(null),
                watching,
                clock.instant());
    }

    /** Only while the next attempt has no pod yet: then nobody asks for it any more. */
    private Optional<Pod> superseded(Job job, JobStatus status) {
        return status.phase() != Phase.RETRYING
                ? Optional.empty()
                : pods.get(
                                job.getMetadata().getNamespace(),
                                PodTemplate.podName(job.getMetadata().getName(), JobSnapshot.attemptNumber(status) - 1))
                        .filter(pod -> Ownership.isControlledBy(pod, job));
    }

    /** That it is gone fails the job, so it must be true: the watch may merely not have brought the pod yet. */
    private Optional<Pod> certainPod(Job job, JobStatus status, @Nullable AttemptReport report) {
        boolean expected = JobSnapshot.knownPodUid(status, report).isPresent() && !Jobs.isEnded(job);
        Optional<Pod> known = pods.get(namespace(job), podName(job, status));
        return own(
                job,
                status,
                report,
                known.isEmpty() && expected ? pods.read(namespace(job), podName(job, status)) : known);
    }

    private Optional<Pod> pod(Job job, JobStatus status, @Nullable AttemptReport report) {
        return own(job, status, report, pods.get(namespace(job), podName(job, status)));
    }

    private static Optional<Pod> own(Job job, JobStatus status, @Nullable AttemptReport report, Optional<Pod> found) {
        Optional<String> uid = JobSnapshot.knownPodUid(status, report);
        return found.filter(pod -> Ownership.isControlledBy(pod, job))
                .filter(pod ->
                        uid.isEmpty() || uid.get().equals(pod.getMetadata().getUid()));
    }

    private static String namespace(Job job) {
        return job.getMetadata().getNamespace();
    }

    private static String podName(Job job, JobStatus status) {
        return PodTemplate.podName(job.getMetadata().getName(), JobSnapshot.attemptNumber(status));
    }
}
