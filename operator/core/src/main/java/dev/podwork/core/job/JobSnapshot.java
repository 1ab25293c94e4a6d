package dev.podwork.core.job;

import dev.podwork.api.Labels;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a job at one moment.
 *
 * @param status what its object says; empty rather than null before the first write
 * @param worker the definition that its open attempt is made from, or else the one that would be asked first for the next; null when
 *     none serves it
 * @param pod the pod of its current attempt, or of the last when it has ended; null when there is none
 * @param podEndSeen when the pod was first seen to have ended; null while it has not
 * @param report the latest that its session told; null before it told anything
 * @param admission what came of asking for a slot just now; null when it was not asked for
 * @param creation what came of trying to create its pod just now; null when it was not tried
 * @param superseded the pod of the attempt before, which failed; null when there is none
 * @param contact what session there is with its worker; null when there is none
 * @param watching since when this operator has been able to hear of the job
 */
public record JobSnapshot(
        Job job,
        JobStatus status,
        @Nullable WorkerDefinition worker,
        @Nullable Pod pod,
        @Nullable Instant podEndSeen,
        @Nullable AttemptReport report,
        @Nullable Admission admission,
        @Nullable PodCreation creation,
        @Nullable Pod superseded,
        @Nullable Contact contact,
        Instant watching,
        Instant now) {

    private static final JobStatus UNWRITTEN = JobStatusBuilder.builder().build();

    public static JobStatus statusOf(Job job) {
        return job.getStatus() == null ? UNWRITTEN : job.getStatus();
    }

    /** The UID of the pod that once was the current attempt's, if anybody saw it: a status, or a session. */
    public static Optional<String> knownPodUid(JobStatus status, @Nullable AttemptReport report) {
        return current(status)
                .map(AttemptStatus::podUid)
                .or(() -> Optional.ofNullable(report).map(told -> told.key().podUid()));
    }

    /** Number of the current attempt; that of the next when the last one failed and another follows. */
    public static int attemptNumber(JobStatus status) {
        return current(status)
                .map(AttemptStatus::number)
                .or(() -> last(status).map(failed -> failed.number() + 1))
                .orElse(1);
    }

    /** Empty when the current attempt has not been recorded yet. */
    private static Optional<AttemptStatus> current(JobStatus status) {
        boolean ended = status.phase() != null && status.phase().isTerminal();
        return last(status).filter(attempt -> ended || attempt.endedAt() == null);
    }

    public JobSnapshot after(PodCreation tried) {
        Pod present = tried instanceof PodCreation.Created created ? created.pod() : pod;
        return new JobSnapshot(
                job, status, worker, present, podEndSeen, report, admission, tried, superseded, contact, watching, now);
    }

    /**
     * The same after asking for a slot.
     *
     * @param chosen the definition that it has a slot of, or would be asked first
     */
    public JobSnapshot after(Admission asked, @Nullable WorkerDefinition chosen) {
        return new JobSnapshot(
                job, status, chosen, pod, podEndSeen, report, asked, creation, superseded, contact, watching, now);
    }

    int attemptNumber() {
        return attemptNumber(status);
    }

    /** The current attempt as the status has it. */
    Optional<AttemptStatus> recorded() {
        return current(status);
    }

    Optional<String> knownPodUid() {
        return knownPodUid(status, report);
    }

    /** Whether the current attempt has begun: it has a pod, or had one, and has not been told to be over. */
    public boolean hasOpenAttempt() {
        boolean ended = status.phase() != null && status.phase().isTerminal();
        return !ended && (pod != null || knownPodUid().isPresent());
    }

    String podName() {
        return PodTemplate.podName(job.getMetadata().getName(), attemptNumber());
    }

    /** The definition that the pod was made from, or would be. */
    @Nullable
    String workerName() {
        if (pod != null && pod.getMetadata().getLabels().get(Labels.WORKER) != null) {
            return pod.getMetadata().getLabels().get(Labels.WORKER);
        }
        return worker == null ? status.worker() : worker.getMetadata().getName();
    }

    /** Whose slot the job has, or wants; empty when nothing serves it. */
    public Optional<WorkerKey> workerKey() {
        return Optional.ofNullable(workerName())
                .map(name -> new WorkerKey(job.getMetadata().getNamespace(), name));
    }

    Instant created() {
        return Instant.parse(job.getMetadata().getCreationTimestamp());
    }

    /** Since when the job may start, for all that it says itself. */
    Instant eligible() {
        Instant notBefore = job.getSpec() == null ? null : job.getSpec().notBefore();
        return notBefore != null && notBefore.isAfter(created()) ? notBefore : created();
    }

    /** Since when the job waits for its pod, or would if it had none. */
    Instant queuedAt() {
        Instant resumed = status.queuedAt();
        return resumed != null && resumed.isAfter(eligible()) ? resumed : eligible();
    }

    /** Since when the current attempt waits for its pod. */
    Instant waitsSince() {
        Instant next = status.nextAttemptAt();
        return next != null && next.isAfter(queuedAt()) ? next : queuedAt();
    }

    /** A moment, but not before a session that began earlier had the time to reconnect and tell its news. */
    Instant heardBy(Instant moment, Duration reconnection) {
        Instant reconnected = watching.plus(reconnection);
        return pod != null && report == null && reconnected.isAfter(moment) ? reconnected : moment;
    }

    Duration age() {
        return Duration.between(created(), now);
    }

    static Optional<AttemptStatus> last(JobStatus status) {
        return status.attempts().isEmpty()
                ? Optional.empty()
                : Optional.of(status.attempts().get(status.attempts().size() - 1));
    }
}
