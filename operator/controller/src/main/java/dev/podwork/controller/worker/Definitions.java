package dev.podwork.controller.worker;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.worker.WorkerSelection;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All WorkerDefinitions, from memory. A change of one wakes the jobs that wait for it, and no others. */
public final class Definitions {

    private static final String BY_TYPE = "type";

    private volatile @Nullable InformerEventSource<WorkerDefinition, Job> informer;

    public EventSource<?, Job> eventSource(EventSourceContext<Job> context, Jobs jobs) {
        InformerEventSource<WorkerDefinition, Job> made = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(WorkerDefinition.class, Job.class)
                        .withName("worker-definitions")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(definition -> waiting(definition, jobs))
                        // Given only so that the SDK keeps no index of its own, which would remember every job ever
                        // woken.
                        .withPrimaryToSecondaryMapper((Job job) -> Set.of())
                        .build(),
                context);
        made.addIndexers(Map.of(BY_TYPE, Definitions::typeKeys));
        informer = made;
        return made;
    }

    /** The definition that serves a job. */
    public Optional<WorkerDefinition> serving(Job job) {
        return job.getSpec() == null ? Optional.empty() : WorkerSelection.select(job.getSpec(), candidates(job));
    }

    private Collection<WorkerDefinition> candidates(Job job) {
        InformerEventSource<WorkerDefinition, Job> known = informer;
        if (known == null) {
            return List.of();
        }
        String namespace = job.getMetadata().getNamespace();
        return job.getSpec().worker() != null
                ? known.get(new ResourceID(job.getSpec().worker(), namespace)).stream()
                        .toList()
                : known.byIndex(BY_TYPE, namespace + "/" + job.getSpec().type());
    }

    private static Set<ResourceID> waiting(WorkerDefinition definition, Jobs jobs) {
        return jobs.waitingFor(
                definition.getMetadata().getNamespace(),
                definition.getMetadata().getName(),
                WorkerSelection.taskTypes(definition));
    }

    private static List<String> typeKeys(WorkerDefinition definition) {
        return WorkerSelection.taskTypes(definition).stream()
                .map(type -> definition.getMetadata().getNamespace() + "/" + type)
                .toList();
    }
}
