package dev.podwork.controller.pod;

import dev.podwork.api.Labels;
import dev.podwork.api.job.Job;
import dev.podwork.core.pod.PodEnd;
import dev.podwork.core.pod.PodSignals;
import dev.podwork.core.pod.TrimmedPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All pods that Podwork made, from memory. */
public final class Pods {

    private static final String BY_WORKER = "worker";

    private final KubernetesClient client;
    private final Clock clock;
    private final Consumer<String> gone;
    private final Map<String, Instant> endSeen = new ConcurrentHashMap<>();
    private volatile Map<String, PodInformer> informers = Map.of();

    /** @param gone told the UID of every pod that was deleted */
    public Pods(KubernetesClient client, Clock clock, Consumer<String> gone) {
        this.client = client;
        this.clock = clock;
        this.gone = gone;
    }

    /** One informer for each namespace, because informers of several namespaces can't share a trimmed store. */
    public List<EventSource<?, Job>> eventSources(
            EventSourceContext<Job> context,
            Set<String> namespaces,
            Predicate<ResourceID> isActive,
            Predicate<ResourceID> isEnded) {
        Map<String, PodInformer> made = new HashMap<>();
        for (String namespace : namespaces.isEmpty() ? Set.of(PodInformer.allNamespaces()) : namespaces) {
            PodInformer informer = new PodInformer(namespace, context, isActive, isEnded, this::gone);
            informer.addIndexers(Map.of(BY_WORKER, pod -> List.of(workerKey(pod))));
            made.put(namespace, informer);
        }
        informers = Map.copyOf(made);
        return new ArrayList<>(made.values());
    }

    public Optional<Pod> get(String namespace, String name) {
        return informer(namespace).flatMap(informer -> informer.get(new ResourceID(name, namespace)));
    }

    /** Asks the API server, where it must be certain that a pod is gone and not merely not heard of yet. */
    public Optional<Pod> read(String namespace, String name) {
        return Optional.ofNullable(
                client.pods().inNamespace(namespace).withName(name).get());
    }

    /** Known at once, without waiting for the watch to bring it. */
    public void created(Pod pod) {
        informer(pod.getMetadata().getNamespace())
                .ifPresent(informer ->
                        informer.handleRecentResourceCreate(ResourceID.fromResource(pod), TrimmedPod.of(pod)));
    }

    /** Lets the kubelet end a pod, as it was decided upon: if it has changed since, the API server refuses. */
    public void delete(Pod pod) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .lockResourceVersion(pod.getMetadata().getResourceVersion())
                .delete();
    }

    /** Names of the ConfigMaps with code that a worker's running pods have mounted. */
    public Set<String> sourceConfigMaps(String namespace, String worker) {
        return informer(namespace).stream()
                .flatMap(informer -> informer.byIndex(BY_WORKER, namespace + "/" + worker).stream())
                .filter(pod -> PodEnd.of(pod).isEmpty())
                .flatMap(pod -> PodSignals.sourceConfigMaps(pod).stream())
                .collect(Collectors.toSet());
    }

    /** When the pod was first seen to have ended, by our own clock; empty while it has not. */
    public Optional<Instant> endSeen(Pod pod) {
        return PodEnd.of(pod)
                .map(end -> endSeen.computeIfAbsent(pod.getMetadata().getUid(), uid -> clock.instant()));
    }

    /** The job that a pod was made for, by its labels. */
    public static Optional<ResourceID> jobOf(Pod pod) {
        return Optional.ofNullable(pod.getMetadata().getLabels().get(Labels.JOB))
                .map(job -> new ResourceID(job, pod.getMetadata().getNamespace()));
    }

    private void gone(Pod pod) {
        endSeen.remove(pod.getMetadata().getUid());
        gone.accept(pod.getMetadata().getUid());
    }

    private Optional<PodInformer> informer(String namespace) {
        PodInformer ofAll = informers.get(PodInformer.allNamespaces());
        return Optional.ofNullable(ofAll == null ? informers.get(namespace) : ofAll);
    }

    private static String workerKey(Pod pod) {
        return pod.getMetadata().getNamespace() + "/"
                + pod.getMetadata().getLabels().get(Labels.WORKER);
    }
}
