package dev.podwork.core.job;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.worker.WorkerReadiness;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** No definition serves the job, or none that is ready. One that comes in the same batch as the job needs a moment. */
final class WorkerSelectionPolicy implements JobPolicy {

    /** Type of the condition that is true while there is no definition. */
    static final String WORKER_MISSING = "WorkerMissing";

    private static final String NOTHING_ASKED =
            "spec.worker (a WorkerDefinition's name) or spec.type (one of its taskTypes) must be set";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Shorter waits are not worth a write. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

    @Override
    public Optional<JobDecision> decide(JobSnapshot snapshot) {
        if (!asksForAWorker(snapshot.job().getSpec())) {
            return Optional.of(failed(snapshot, NOTHING_ASKED));
        }
        WorkerDefinition worker = snapshot.worker();
        if (worker == null) {
            return Optional.of(noWorker(snapshot));
        }
        return WorkerReadiness.problem(worker)
                .map(problem -> waiting(snapshot, Reasons.WORKER_NOT_READY, problem))
                .or(() -> otherRevision(worker, snapshot.job().getSpec())
                        .map(problem -> waiting(snapshot, Reasons.WORKER_REVISION_NOT_FOUND, problem)));
    }

    /** The API server of a cluster refuses such a job; the laptop's does not. */
    private static boolean asksForAWorker(@Nullable JobSpec spec) {
        return spec != null && (spec.worker() != null || spec.type() != null);
    }

    private static JobDecision failed(JobSnapshot snapshot, String message) {
        return Ending.of(snapshot, Classification.failure(Reasons.NO_WORKER, message));
    }

    private static JobDecision noWorker(JobSnapshot snapshot) {
        Instant since = missingSince(snapshot);
        Instant until = since.plus(PATIENCE);
        if (!snapshot.now().isBefore(until)) {
            return failed(snapshot, missing(snapshot));
        }
        return snapshot.age().compareTo(WORTH_TELLING) < 0
                ? JobDecision.waitUntil(snapshot, snapshot.created().plus(WORTH_TELLING))
                : JobDecision.write(
                        NextStatus.withoutWorker(
                                snapshot, "%s; waits for one until %s".formatted(missing(snapshot), until), since),
                        until);
    }

    /** A definition that is replaced is gone for a moment, and its queue must outlive that. */
    private static Instant missingSince(JobSnapshot snapshot) {
        return Conditions.since(snapshot.status().conditions(), WORKER_MISSING)
                .orElseGet(() -> snapshot.status().reason() == null
                        ? snapshot.waitsSince()
                        : snapshot.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String missing(JobSnapshot snapshot) {
        JobSpec spec = snapshot.job().getSpec();
        return spec.type() != null
                ? "No worker found for task type: %s".formatted(spec.type())
                : "No WorkerDefinition named %s in namespace %s"
                        .formatted(spec.worker(), snapshot.job().getMetadata().getNamespace());
    }

    private static Optional<String> otherRevision(WorkerDefinition worker, JobSpec spec) {
        String current = worker.getStatus().revision();
        String asked = spec.workerRevision();
        return asked == null || asked.equals(current)
                ? Optional.empty()
                : Optional.of(
                        ("WorkerDefinition %s is at revision %s, and %s, which spec.workerRevision asks for, is none of its"
                                        + " earlier ones that are kept; apply that revision's content again, or change or remove"
                                        + " spec.workerRevision")
                                .formatted(worker.getMetadata().getName(), current, asked));
    }

    private static JobDecision waiting(JobSnapshot snapshot, String reason, String problem) {
        return snapshot.age().compareTo(WORTH_TELLING) < 0
                ? JobDecision.waitUntil(snapshot, snapshot.created().plus(WORTH_TELLING))
                : JobDecision.write(NextStatus.waiting(snapshot, Phase.QUEUED, reason, problem));
    }
}
