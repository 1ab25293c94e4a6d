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
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Delivers a definition's code, and says whether jobs can run with it. */
@ControllerConfiguration(
        name = "worker-definitions",
        informer = @Informer(name = "worker-definitions"),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = Constants.NO_MAX_RECONCILIATION_INTERVAL))
public final class WorkerDefinitionReconciler implements Reconciler<WorkerDefinition>, AutoCloseable {

    /** A ConfigMap that is not there yet is looked for, rather than all ConfigMaps being watched. */
    private static final Duration SOURCE_RECHECK = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final SourceConfigMaps sources;
    private final Clock clock;
    private final SimpleInboundEventSource<WorkerDefinition> wakeUps = new SimpleInboundEventSource<>("wake-ups");
    private final Deadlines deadlines;

    public WorkerDefinitionReconciler(KubernetesClient client, Pods pods, Clock clock) {
        this.client = client;
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
        record(
                definition,
                new WorkerDefinitionStatus(generation(definition), source, List.of(ready), revision(definition)));
        revisit(definition, ready, sources.sweep(definition, source, now), now);
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

    private static @Nullable String revision(WorkerDefinition definition) {
        return definition.getSpec() == null ? null : WorkerRevision.of(definition.getSpec());
    }

    private static Long generation(WorkerDefinition definition) {
        return definition.getMetadata().getGeneration();
    }
}
