package dev.podwork.core.worker;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.worker.WorkerDefinition;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which WorkerDefinitions serve a job. */
public final class WorkerSelection {

    /** More than any {@code fallback}. */
    private static final int FAILURE = 1000;

    /** The oldest first, so that everybody agrees, and a definition that comes later changes nothing for those who wait. */
    private static final Comparator<WorkerDefinition> OLDEST = Comparator.comparing(
                    (WorkerDefinition definition) -> definition.getMetadata().getCreationTimestamp(),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(definition -> definition.getMetadata().getName());

    private WorkerSelection() {}

    /**
     * The definitions that would do for a job's next attempt, the one first that is asked first.
     *
     * @param definitions those of the job's namespace, or of them those that serve what it asks for
     */
    public static List<WorkerDefinition> candidates(
            JobSpec job, JobStatus status, Collection<WorkerDefinition> definitions) {
        return definitions.stream()
                .filter(definition -> serves(definition, job))
                .sorted(Comparator.comparing((WorkerDefinition definition) -> !isUsable(definition, job))
                        .thenComparing(definition -> rank(definition, status))
                        .thenComparing(OLDEST))
                .toList();
    }

    /** Those of the lowest rank share the load: whoever has failed at the job least, and of these the ones with the lowest fallback. */
    public static int rank(WorkerDefinition definition, JobStatus status) {
        String name = definition.getMetadata().getName();
        long failures = status.attempts().stream()
                .filter(attempt -> name.equals(attempt.worker()))
                .map(AttemptStatus::failureClass)
                .filter(failure -> failure != null && failure != FailureClass.INFRASTRUCTURE)
                .count();
        Integer fallback =
                definition.getSpec() == null ? null : definition.getSpec().fallback();
        return (int) failures * FAILURE + (fallback == null ? 0 : fallback);
    }

    /** Whether a definition is the one that the job wants, whatever becomes of it; a job may want only one revision. */
    public static boolean isWanted(WorkerDefinition definition, JobSpec job) {
        return job.workerRevision() == null
                || (definition.getStatus() != null
                        && job.workerRevision().equals(definition.getStatus().revision()));
    }

    /** The revision that a job wants of a definition that is now at another, or may be: it has changed and was not looked at yet. */
    public static Optional<String> earlierRevision(WorkerDefinition definition, JobSpec job) {
        return Optional.ofNullable(job.workerRevision())
                .filter(wanted -> !isWanted(definition, job) || !WorkerReadiness.isObserved(definition));
    }

    /** Task types that a definition serves: its own name always counts. */
    public static Set<String> taskTypes(WorkerDefinition definition) {
        Set<String> types = new LinkedHashSet<>();
        types.add(definition.getMetadata().getName());
        if (definition.getSpec() != null) {
            types.addAll(definition.getSpec().taskTypes());
        }
        return types;
    }

    private static boolean isUsable(WorkerDefinition definition, JobSpec job) {
        return isWanted(definition, job) && WorkerReadiness.problem(definition).isEmpty();
    }

    private static boolean serves(WorkerDefinition definition, JobSpec job) {
        if (job.worker() != null) {
            return job.worker().equals(definition.getMetadata().getName());
        }
        return job.type() != null && taskTypes(definition).contains(job.type());
    }
}
