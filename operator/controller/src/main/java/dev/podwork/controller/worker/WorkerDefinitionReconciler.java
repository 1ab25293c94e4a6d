package dev.podwork.controller.worker;

import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionStatus;
import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.controller.pod.Pods;
import dev.podwork.core.source.SourceConfigMap;
import dev.podwork.core.worker.WorkerDefinitionValidation;
import dev.podwork.core.worker.WorkerRevision;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Delivers a definition's code, keeps its revisions, and says whether jobs can run with it. */
@ControllerConfiguration(
        name = "worker-definitions",
        informer = @Informer(name = "worker-definitions"),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
public final class WorkerDefinitionReconciler implements Reconciler<WorkerDefinition>, AutoCloseable {

    /** A ConfigMap that is not there yet is looked for, rather than all ConfigMaps being watched. */
    private static final Duration SOURCE_RECHECK = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final SourceConfigMaps sources;
    private final Revisions revisions;
    private final BiPredicate<String, String> asked;
    private final Clock clock;
    private final SimpleInboundEventSource<WorkerDefinition> wakeUps = new SimpleInboundEventSource<>("wake-ups");
    private final Deadlines deadlines;

    /** @param asked whether a job of a namespace asks for a revision */
    public WorkerDefinitionReconciler(
            KubernetesClient client, Pods pods, Revisions revisions, BiPredicate<String, String> asked, Clock clock) {
        this.client = client;
        this.revisions = revisions;
        this.asked = asked;
        this.sources = new SourceConfigMaps(
                client,
                definition -> pods.sourceConfigMaps(
                        definition.getMetadata().getNamespace(),
                        definition.getMetadata().getName()));
        this.clock = clock;
        this.deadlines = new Deadlines("worker-definition-deadlines", clock, wakeUps::propagateEvent);
    }

    @Override
    public UpdateControl<WorkerDefinition> reconcile(WorkerDefinition definition, Context<WorkerDefinition> context) {
        Instant now = clock.instant();
        Condition ready = WorkerDefinitionValidation.ready(definition, configMapKeys(definition), now);
        String source = isInvalid(ready) ? null : deliver(definition).orElse(null);
        // Before the definition is ready: no pod is made from what is not kept.
        if (isReady(ready)) {
            revisions.keep(definition);
        }
        record(
                definition,
                new WorkerDefinitionStatus(generation(definition), source, List.of(ready), revision(definition)));
        revisit(definition, ready, sources.sweep(definition, neededSources(definition, source), now), now);
        return UpdateControl.noUpdate();
    }

    @Override
    public List<EventSource<?, WorkerDefinition>> prepareEventSources(EventSourceContext<WorkerDefinition> context) {
        return List.of(wakeUps);
    }

    @Override
    public void close() {
        deadlines.close();
    }

    private @Nullable Set<String> configMapKeys(WorkerDefinition definition) {
        Source source =
                definition.getSpec() == null ? null : definition.getSpec().source();
        return source == null || source.configMap() == null
                ? null
                : sources.keys(
                        definition.getMetadata().getNamespace(),
                        source.configMap().name());
    }

    private Optional<String> deliver(WorkerDefinition definition) {
        Optional<ConfigMap> source = SourceConfigMap.of(definition);
        source.ifPresent(sources::ensure);
        return source.map(configMap -> configMap.getMetadata().getName());
    }

    /** Those of the revisions that are kept, and of the definition as it is even before it is ready. */
    private Set<String> neededSources(WorkerDefinition definition, @Nullable String current) {
        if (definition.getSpec() == null) {
            return Set.of();
        }
        Stream<String> kept =
                revisions
                        .sweep(
                                definition,
                                revision -> asked.test(definition.getMetadata().getNamespace(), revision))
                        .stream()
                        .map(then -> then.getStatus().sourceConfigMap());
        return Stream.concat(kept, Stream.of(current)).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private void record(WorkerDefinition definition, WorkerDefinitionStatus status) {
        if (!status.equals(definition.getStatus())) {
            WorkerDefinition changed = new WorkerDefinition();
            changed.setMetadata(definition.getMetadata());
            changed.setSpec(definition.getSpec());
            changed.setStatus(status);
            client.resource(changed).updateStatus();
        }
    }

    private void revisit(WorkerDefinition definition, Condition ready, Optional<Instant> sweep, Instant now) {
        ResourceID id = ResourceID.fromResource(definition);
        sweep.ifPresent(at -> deadlines.wakeBy(id, at));
        if (Readiness.SOURCE_NOT_FOUND.equals(ready.getReason())) {
            deadlines.wakeBy(id, now.plus(SOURCE_RECHECK));
        }
    }

    private static boolean isInvalid(Condition ready) {
        return Readiness.INVALID.equals(ready.getReason());
    }

    private static boolean isReady(Condition ready) {
        return Readiness.VALID.equals(ready.getReason());
    }

    private static @Nullable String revision(WorkerDefinition definition) {
        return definition.getSpec() == null ? null : WorkerRevision.of(definition.getSpec());
    }

    private static Long generation(WorkerDefinition definition) {
        return definition.getMetadata().getGeneration();
    }
}
