package dev.podwork.core.worker;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.worker.WorkerDefinition;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Which WorkerDefinition serves a job. */
public final class WorkerSelection {

    /** The oldest first, so that a definition that comes later takes no jobs away; then by name, so that everybody agrees. */
    private static final Comparator<WorkerDefinition> OLDEST = Comparator.comparing(
                    (WorkerDefinition definition) -> definition.getMetadata().getCreationTimestamp(),
                    Comparator.nullsLast(Comparator.naturalOrder()))
            .thenComparing(definition -> definition.getMetadata().getName());

    /**
     * The definition that serves a job; empty when none does.
     *
     * @param definitions those of the job's namespace, or of them those that serve what it asks for
     */
    public static Optional<WorkerDefinition> select(JobSpec job, Collection<WorkerDefinition> definitions) {
        return definitions.stream()
                .filter(definition -> serves(definition, job))
                .min(OLDEST);
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

    private static boolean serves(WorkerDefinition definition, JobSpec job) {
        if (job.worker() != null) {
            return job.worker().equals(definition.getMetadata().getName());
        }
        return job.type() != null && taskTypes(definition).contains(job.type());
    }

    private WorkerSelection() {}
}
