package dev.podwork.controller;

import dev.podwork.api.job.Job;
import dev.podwork.controller.attempt.AttemptListener;
import dev.podwork.controller.attempt.AttemptPorts;
import dev.podwork.controller.lifecycle.JobController;
import dev.podwork.controller.pod.Pods;
import dev.podwork.controller.worker.Revisions;
import dev.podwork.controller.worker.WorkerDefinitionReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/** Both controllers, ready to be started. */
public final class Controllers implements AutoCloseable {

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

    private final Operator operator;
    private final JobController jobs;
    private final WorkerDefinitionReconciler definitions;

    /**
     * Puts the controllers together.
     *
     * @param listener told what was recorded of the reports that {@link #attempts} takes
     * @param sdk further settings of the SDK, such as leader election and metrics
     */
    public Controllers(
            KubernetesClient client,
            ControllerSettings settings,
            AttemptListener listener,
            Clock clock,
            MeterRegistry meters,
            Consumer<ConfigurationServiceOverrider> sdk) {
        Pods pods = new Pods(client, clock, listener::forget);
        Revisions revisions = new Revisions(client);
        jobs = new JobController(
                client, settings.pods(), settings.namespaces(), pods, revisions, listener, clock, meters);
        definitions = new WorkerDefinitionReconciler(client, pods, revisions, jobs::askForRevision, clock);
        operator = new Operator(configuration -> {
            configuration
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    // Both work with what the laptop's API server lacks: server-side apply, and CRDs that can be read.
                    .withUseSSAToPatchPrimaryResource(false)
                    .checkingCRDAndValidateLocalModel(false)
                    .withResourceCloner(NOT_CLONING);
            sdk.accept(configuration);
        });
        operator.register(jobs.reconciler(), configuration -> {
            common(configuration, settings.namespaces());
            configuration.withOnAddFilter(Controllers::isWorthALook);
        });
        operator.register(definitions, configuration -> common(configuration, settings.namespaces()));
    }

    /** Where sessions ask for their attempts and report what they hear. */
    public AttemptPorts attempts() {
        return jobs.attempts();
    }

    /** For health checks: it knows the state of every informer. */
    public Operator operator() {
        return operator;
    }

    /** Returns when all caches are filled; decisions begin then. */
    public void start() {
        operator.start();
    }

    @Override
    public void close() {
        operator.stop();
        jobs.close();
        definitions.close();
    }

    private static <R extends HasMetadata> void common(
            ControllerConfigurationOverrider<R> configuration, Set<String> namespaces) {
        configuration.withRetry(new GenericRetry()
                .withoutMaxAttempts()
                .setInitialInterval(FIRST_RETRY)
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis()));
        if (namespaces.isEmpty()) {
            configuration.watchingAllNamespaces();
        } else {
            configuration.settingNamespaces(namespaces);
        }
    }

    /** What ended before this start stays as it is. */
    private static boolean isWorthALook(Job job) {
        return job.getStatus() == null
                || job.getStatus().phase() == null
                || !job.getStatus().phase().isTerminal();
    }

    /** The reconcilers change no object that they are given, so they need no copies: those cost more than all else they do. */
    private static final Cloner NOT_CLONING = new Cloner() {
        @Override
        public <R extends HasMetadata> R clone(R object) {
            return object;
        }
    };
}
