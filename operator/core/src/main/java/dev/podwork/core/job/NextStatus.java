package dev.podwork.core.job;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Failures;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Classification;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Derives what a job's status must say from what it says and what has happened. */
final class NextStatus {

    private NextStatus() {}

    static JobStatus waiting(JobSnapshot snapshot, Phase phase, String reason, String message) {
        return active(snapshot, phase, reason, message);
    }

    /** Says also since when there has been no worker: a job has a while to wait for one, however old it is. */
    static JobStatus withoutWorker(JobSnapshot snapshot, String message, Instant since) {
        return active(
                snapshot,
                Phase.QUEUED,
                Reasons.NO_WORKER,
                message,
                Conditions.isTrueSince(WorkerSelectionPolicy.WORKER_MISSING, since, Reasons.NO_WORKER, message));
    }

    static JobStatus running(JobSnapshot snapshot) {
        return active(snapshot, Phase.RUNNING, Reasons.RUNNING, "The worker has the job");
    }

    static JobStatus ended(JobSnapshot snapshot, Classification ending) {
        Instant at = snapshot.now().truncatedTo(ChronoUnit.MILLIS);
        Conditions conditions = new Conditions(snapshot.status().conditions(), snapshot.now());
        Phase phase = phase(ending);
        List<Condition> told = conditionTypes(phase).stream()
                .map(type -> conditions.isTrue(type, ending.reason(), ending.message()))
                .toList();
        return next(snapshot, phase, ending.reason(), ending.message())
                .completedAt(at)
                .result(ending.result())
                .error(ending.error())
                .progress(progress(snapshot))
                .attempts(Attempts.ended(snapshot, ending, at))
                .conditions(told)
                .build();
    }

    static JobStatus retrying(
            JobSnapshot snapshot,
            Classification ending,
            Failures failures,
            Instant next,
            @Nullable String raisedMemory) {
        int number = snapshot.attemptNumber();
        String message =
                "Attempt %d failed, attempt %d starts at %s. %s".formatted(number, number + 1, next, ending.message());
        return between(snapshot, ending, failures, next, message, raisedMemory);
    }

    static JobStatus suspended(JobSnapshot snapshot, Classification ending, Instant next) {
        return between(
                snapshot,
                ending,
                snapshot.status().failures(),
                next,
                ending.message(),
                snapshot.status().raisedMemory());
    }

    /** One attempt has ended, and another is to follow. */
    private static JobStatus between(
            JobSnapshot snapshot,
            Classification ending,
            @Nullable Failures failures,
            Instant next,
            String message,
            @Nullable String raisedMemory) {
        Instant at = snapshot.now().truncatedTo(ChronoUnit.MILLIS);
        Conditions conditions = new Conditions(snapshot.status().conditions(), snapshot.now());
        return next(snapshot, Phase.RETRYING, ending.reason(), message)
                .progress(null)
                .attempts(Attempts.withoutEmits(Attempts.ended(snapshot, ending, at)))
                .conditions(List.of(conditions.isTrue("Reconciling", ending.reason(), message)))
                .nextAttemptAt(next)
                .failures(failures)
                .raisedMemory(raisedMemory)
                .build();
    }

    private static JobStatus active(
            JobSnapshot snapshot, Phase phase, String reason, String message, Condition... besides) {
        Conditions conditions = new Conditions(snapshot.status().conditions(), snapshot.now());
        List<Condition> all = Stream.concat(
                        Stream.of(conditions.isTrue("Reconciling", reason, message)), Stream.of(besides))
                .toList();
        return next(snapshot, phase, reason, message)
                .progress(progress(snapshot))
                .attempts(Attempts.active(snapshot))
                .conditions(all)
                .queuedAt(queuedAt(snapshot, reason))
                .build();
    }

    /** What is not said anew stays as it was. */
    private static JobStatusBuilder next(JobSnapshot snapshot, Phase phase, String reason, String message) {
        return snapshot.status()
                .with()
                .observedGeneration(snapshot.job().getMetadata().getGeneration())
                .phase(phase)
                .reason(reason)
                .message(message)
                .worker(snapshot.workerName())
                .startedAt(startedAt(snapshot));
    }

    /** A job's time in suspension is not its time in the queue. */
    private static @Nullable Instant queuedAt(JobSnapshot snapshot, String reason) {
        return Reasons.QUEUED.equals(reason)
                ? snapshot.now().truncatedTo(ChronoUnit.MILLIS)
                : snapshot.status().queuedAt();
    }

    private static Phase phase(Classification ending) {
        if (ending.succeeded()) {
            return Phase.SUCCEEDED;
        }
        return Reasons.CANCELLED.equals(ending.reason()) ? Phase.CANCELLED : Phase.FAILED;
    }

    private static List<String> conditionTypes(Phase phase) {
        return switch (phase) {
            case SUCCEEDED -> List.of("Complete");
            case CANCELLED -> List.of("Cancelled");
            default -> List.of("Failed", "Stalled");
        };
    }

    private static @Nullable Instant startedAt(JobSnapshot snapshot) {
        return snapshot.status().startedAt() != null
                ? snapshot.status().startedAt()
                : Attempts.current(snapshot).map(AttemptStatus::startedAt).orElse(null);
    }

    private static @Nullable Progress progress(JobSnapshot snapshot) {
        AttemptReport report = snapshot.report();
        return report != null && report.progress() != null
                ? report.progress()
                : snapshot.status().progress();
    }
}
