package dev.podwork.controller.worker;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.job.Jobs;
import dev.podwork.core.admission.WorkerKey;
import dev.podwork.core.worker.WorkerSelection;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Watches WorkerDefinitions. A change wakes the jobs that wait for the definition. Those that wait for one of its slots, of which
 * there may be very many, it wakes only if it may no longer be the one that serves them.
 */
final class DefinitionInformer extends InformerEventSource<WorkerDefinition, Job> {

    private final Jobs jobs;
    private final Consumer<WorkerKey> changed;

    DefinitionInformer(EventSourceContext<Job> context, Jobs jobs, Consumer<WorkerKey> changed) {
        super(
                InformerEventSourceConfiguration.from(WorkerDefinition.class, Job.class)
                        .withName("worker-definitions")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(definition -> jobs.waitingFor(
                                namespace(definition), name(definition), WorkerSelection.taskTypes(definition)))
                        // Given only so that the SDK keeps no index of its own, which would remember every job ever
                        // woken.
                        .withPrimaryToSecondaryMapper((Job job) -> Set.of())
                        .build(),
                context);
        this.jobs = jobs;
        this.changed = changed;
    }

    @Override
    public void onAdd(WorkerDefinition definition) {
        super.onAdd(definition);
        wakeQueued(definition, WorkerSelection.taskTypes(definition));
        changed.accept(key(definition));
    }

    @Override
    public void onUpdate(WorkerDefinition before, WorkerDefinition definition) {
        super.onUpdate(before, definition);
        Set<String> earlier = WorkerSelection.taskTypes(before);
        Set<String> types = WorkerSelection.taskTypes(definition);
        if (!earlier.equals(types)) {
            Set<String> affected = new HashSet<>(earlier);
            affected.addAll(types);
            wakeQueued(definition, affected);
        }
        changed.accept(key(definition));
    }

    @Override
    public void onDelete(WorkerDefinition definition, boolean lastStateUnknown) {
        super.onDelete(definition, lastStateUnknown);
        wakeQueued(definition, WorkerSelection.taskTypes(definition));
        changed.accept(key(definition));
    }

    private void wakeQueued(WorkerDefinition definition, Set<String> types) {
        for (ResourceID job : jobs.queuedFor(namespace(definition), name(definition), types)) {
            getEventHandler().handleEvent(new Event(job));
        }
    }

    private static WorkerKey key(WorkerDefinition definition) {
        return new WorkerKey(namespace(definition), name(definition));
    }

    private static String namespace(WorkerDefinition definition) {
        return definition.getMetadata().getNamespace();
    }

    private static String name(WorkerDefinition definition) {
        return definition.getMetadata().getName();
    }
}
