package dev.podwork.controller.worker;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.job.ConcurrencyLimit;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.worker.WorkerSelection;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All WorkerDefinitions, from memory; earlier revisions, which few jobs ask for, from the API server. A change of one wakes the jobs
 * that wait for it, and no others.
 */
public final class Definitions {

    private static final String BY_TYPE = "type";

    private final Revisions revisions;
    private volatile @Nullable DefinitionInformer informer;

    public Definitions(Revisions revisions) {
        this.revisions = revisions;
    }

    /**
     * Makes the event source, which the SDK starts.
     *
     * @param changed told of every definition that was created, changed or deleted
     */
    public EventSource<?, Job> eventSource(EventSourceContext<Job> context, Jobs jobs, Consumer<WorkerKey> changed) {
        DefinitionInformer made = new DefinitionInformer(context, jobs, changed);
        made.addIndexers(Map.of(BY_TYPE, Definitions::typeKeys));
        informer = made;
        return made;
    }

    /** How many jobs may run with a definition at once, as it is now. */
    public int concurrency(WorkerKey worker) {
        return ConcurrencyLimit.of(get(worker.namespace(), worker.name()).orElse(null));
    }

    public Optional<WorkerDefinition> get(String namespace, String name) {
        DefinitionInformer known = informer;
        return known == null ? Optional.empty() : known.get(new ResourceID(name, namespace));
    }

    /** The definitions that would do for a job's next attempt, the one first that is asked first. */
    public List<WorkerDefinition> candidates(Job job) {
        if (job.getSpec() == null) {
            return List.of();
        }
        List<WorkerDefinition> serving = serving(job).stream()
                .map(definition -> asWanted(definition, job.getSpec()))
                .toList();
        return WorkerSelection.candidates(job.getSpec(), JobSnapshot.statusOf(job), serving);
    }

    private WorkerDefinition asWanted(WorkerDefinition definition, JobSpec job) {
        return WorkerSelection.earlierRevision(definition, job)
                .flatMap(revision -> revisions.find(definition, revision))
                .orElse(definition);
    }

    private Collection<WorkerDefinition> serving(Job job) {
        DefinitionInformer known = informer;
        if (known == null) {
            return List.of();
        }
        String namespace = job.getMetadata().getNamespace();
        return job.getSpec().worker() != null
                ? known.get(new ResourceID(job.getSpec().worker(), namespace)).stream()
                        .toList()
                : known.byIndex(BY_TYPE, namespace + "/" + job.getSpec().type());
    }

    private static List<String> typeKeys(WorkerDefinition definition) {
        return WorkerSelection.taskTypes(definition).stream()
                .map(type -> definition.getMetadata().getNamespace() + "/" + type)
                .toList();
    }
}
