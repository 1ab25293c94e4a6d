package dev.podwork.controller.lifecycle;

import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.controller.pod.Pods;
import dev.podwork.controller.worker.Definitions;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.job.JobPods;
import dev.podwork.core.job.JobSnapshot;
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
        String namespace = job.getMetadata().getNamespace();
        return snapshot(job, new JobPods(job, name -> pods.get(namespace, name), name -> pods.read(namespace, name)));
    }

    /** The same without asking the API server about a pod that may be gone. */
    JobSnapshot remembered(Job job) {
        String namespace = job.getMetadata().getNamespace();
        return snapshot(job, new JobPods(job, name -> pods.get(namespace, name), name -> Optional.empty()));
    }

    private JobSnapshot snapshot(Job job, JobPods found) {
        AttemptReport report = attempts.latest(job).orElse(null);
        Pod pod = found.current(report).orElse(null);
        return new JobSnapshot(
                job,
                JobSnapshot.statusOf(job),
                worker(job, pod, report),
                pod,
                pod == null ? null : pods.endSeen(pod).orElse(null),
                report,
                null,
                null,
                found.superseded().orElse(null),
                pod == null ? null : attempts.contact(pod).orElse(null),
                watching,
                clock.instant());
    }

    /** What the open attempt is made from, or else what would be asked first for the next. */
    private @Nullable WorkerDefinition worker(Job job, @Nullable Pod pod, @Nullable AttemptReport report) {
        Optional<String> made = pod != null
                ? Optional.ofNullable(pod.getMetadata().getLabels().get(Labels.WORKER))
                : JobSnapshot.knownPodUid(JobSnapshot.statusOf(job), report)
                        .map(uid -> JobSnapshot.statusOf(job).worker());
        return made.flatMap(name -> definitions.get(job.getMetadata().getNamespace(), name))
                .or(() -> definitions.candidates(job).stream().findFirst())
                .orElse(null);
    }
}
