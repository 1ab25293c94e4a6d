package dev.podwork.core.job;

import dev.podwork.api.attempt.Retry;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Failures;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.pod.Lingering;
import dev.podwork.core.pod.RaisedMemory;
import dev.podwork.core.retry.RetryDecision;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends an attempt, and with it the job if no other follows, and then sees to it that the pod ends too. */
final class Ending {

    private Ending() {}

    static JobDecision of(JobSnapshot snapshot, Classification ending) {
        return retry(snapshot, ending)
                .map(retry -> retried(snapshot, ending, retry))
                .orElseGet(() -> ended(snapshot, ending));
    }

    private static Optional<RetryDecision> retry(JobSnapshot snapshot, Classification ending) {
        JobSpec spec = snapshot.job().getSpec();
        if (ending.succeeded() || spec == null || spec.isCancelled()) {
            return Optional.empty();
        }
        Retry own = Objects.requireNonNullElse(spec.retry(), Retry.NONE);
        WorkerDefinition worker = snapshot.worker();
        return RetryDecision.of(
                own.or(worker == null ? null : worker.getSpec().retry()),
                Objects.requireNonNullElse(snapshot.status().failures(), Failures.NONE),
                ending,
                Attempts.current(snapshot).map(AttemptStatus::startedAt).isPresent(),
                snapshot.job().getMetadata().getUid());
    }

    private static JobDecision retried(JobSnapshot snapshot, Classification ending, RetryDecision retry) {
        Instant next = snapshot.now().plus(retry.delay()).truncatedTo(ChronoUnit.MILLIS);
        String memory = snapshot.status().raisedMemory();
        String raised = retry.raise() == null
                ? memory
                : RaisedMemory.next(retry.raise(), memory, snapshot.worker()).orElse(memory);
        return told(
                snapshot,
                JobDecision.write(NextStatus.retrying(snapshot, ending, retry.failures(), next, raised), next));
    }

    /** Ends an attempt that does not count: nothing failed. */
    static JobDecision suspended(JobSnapshot snapshot, Classification ending) {
        Instant now = snapshot.now().truncatedTo(ChronoUnit.MILLIS);
        return told(snapshot, JobDecision.write(NextStatus.suspended(snapshot, ending, now), now));
    }

    private static JobDecision ended(JobSnapshot snapshot, Classification ending) {
        JobStatus ended = NextStatus.ended(snapshot, ending);
        // A job that ends between two attempts may still have the pod of the first.
        Pod pod = snapshot.pod() == null ? snapshot.superseded() : snapshot.pod();
        return pod != null && Lingering.is(pod)
                ? told(snapshot, JobDecision.write(ended, removalDue(snapshot, pod, ended)))
                : JobDecision.write(ended);
    }

    /** A worker that can be told to end has time to do so. One that has the job and can't be told is left to the kubelet. */
    private static JobDecision told(JobSnapshot snapshot, JobDecision decision) {
        Pod pod = snapshot.pod();
        boolean working = started(decision.status()) != null
                && (snapshot.report() == null || snapshot.report().outcome() == null);
        boolean connected = snapshot.contact() != null && snapshot.contact().connected();
        return pod != null && Lingering.is(pod) && working && !connected ? decision.removing(pod) : decision;
    }

    /** What is left to do about a job that has ended. */
    static JobDecision after(JobSnapshot snapshot) {
        Pod pod = snapshot.pod();
        if (pod == null || !Lingering.is(pod)) {
            return JobDecision.nothing(snapshot);
        }
        Instant due = removalDue(snapshot, pod, snapshot.status());
        return snapshot.now().isBefore(due) ? JobDecision.waitUntil(snapshot, due) : JobDecision.remove(snapshot, pod);
    }

    private static Instant removalDue(JobSnapshot snapshot, Pod pod, JobStatus ended) {
        return Lingering.due(
                pod, started(ended), Objects.requireNonNullElseGet(ended.completedAt(), snapshot::created));
    }

    private static @Nullable Instant started(JobStatus ended) {
        return JobSnapshot.last(ended).map(AttemptStatus::startedAt).orElse(null);
    }
}
