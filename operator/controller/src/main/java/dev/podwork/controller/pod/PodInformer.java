package dev.podwork.controller.pod;

import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.core.pod.Lingering;
import dev.podwork.core.pod.PodSignals;
import io.fabric8.kubernetes.api.model.Pod;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Watches the pods of one namespace, or of all. It keeps them trimmed, and wakes jobs only for what decisions look at. */
final class PodInformer extends InformerEventSource<Pod, Job> {

    private final Predicate<ResourceID> isEnded;
    private final Consumer<Pod> gone;

    /**
     * Makes the informer, which the SDK starts.
     *
     * @param isActive whether a job still cares about its pod
     * @param isEnded whether a job has ended, and is still there
     * @param gone told of every pod that was deleted
     */
    PodInformer(
            String namespace,
            EventSourceContext<Job> context,
            Predicate<ResourceID> isActive,
            Predicate<ResourceID> isEnded,
            Consumer<Pod> gone) {
        super(configuration(namespace, isActive), context);
        this.isEnded = isEnded;
        this.gone = gone;
    }

    /** A job that ended before this start is looked at for nothing else than that its pod is still there. */
    @Override
    public void onAdd(Pod pod) {
        super.onAdd(pod);
        if (Lingering.is(pod)) {
            Pods.jobOf(pod)
                    .filter(isEnded)
                    .ifPresent(
                            job -> getEventHandler().handleEvent(new ResourceEvent(ResourceAction.UPDATED, job, pod)));
        }
    }

    @Override
    public void onDelete(Pod pod, boolean lastStateUnknown) {
        super.onDelete(pod, lastStateUnknown);
        gone.accept(pod);
    }

    private static InformerEventSourceConfiguration<Pod> configuration(
            String namespace, Predicate<ResourceID> isActive) {
        return InformerEventSourceConfiguration.from(Pod.class, Job.class)
                .withName("pods-" + namespace)
                .withNamespaces(Set.of(namespace))
                .withLabelSelector(Labels.MANAGED_BY + "=" + Labels.MANAGED_BY_PODWORK)
                .withItemStore(new TrimmedPodStore())
                .withOnUpdateFilter((pod, before) -> !PodSignals.of(pod).equals(PodSignals.of(before)))
                .withSecondaryToPrimaryMapper(
                        pod -> Pods.jobOf(pod).filter(isActive).map(Set::of).orElseGet(Set::of))
                // Given only so that the SDK keeps no index of its own: pods are looked up by their name.
                .withPrimaryToSecondaryMapper((Job job) -> Set.of())
                .build();
    }

    static String allNamespaces() {
        return Constants.WATCH_ALL_NAMESPACES;
    }
}
