package dev.podwork.controller.testing;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.worker.ConfigMapSource;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;

/** The objects that users would apply. */
public final class Manifests {

    private Manifests() {}

    public static WorkerDefinition pythonWorker(String namespace, String name, String code) {
        return definition(namespace, name, new Source(code, null, null));
    }

    public static WorkerDefinition configMapWorker(String namespace, String name, String configMap, String file) {
        return definition(namespace, name, new Source(null, new ConfigMapSource(configMap), file));
    }

    public static WorkerDefinition imageWorker(String namespace, String name, String... taskTypes) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.IMAGE)
                .image("example.org/worker:1")
                .command(List.of("/worker"))
                .taskTypes(List.of(taskTypes))
                .build());
        return definition;
    }

    /** A worker that runs so many jobs at once. */
    public static WorkerDefinition limitedWorker(String namespace, String name, int concurrency) {
        WorkerDefinition definition = imageWorker(namespace, name);
        definition.setSpec(limited(definition.getSpec(), concurrency));
        return definition;
    }

    private static WorkerDefinitionSpec limited(WorkerDefinitionSpec spec, int concurrency) {
        return spec.withConcurrency(concurrency);
    }

    public static Job jobOf(String namespace, String name, String worker) {
        return job(
                namespace,
                name,
                JobSpecBuilder.builder().worker(worker).data(IntNode.valueOf(1)).build());
    }

    public static Job jobOfType(String namespace, String name, String type) {
        return job(
                namespace,
                name,
                JobSpecBuilder.builder().type(type).data(IntNode.valueOf(1)).build());
    }

    private static Job job(String namespace, String name, JobSpec spec) {
        Job job = new Job();
        job.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        job.setSpec(spec);
        return job;
    }

    private static WorkerDefinition definition(String namespace, String name, Source source) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace(namespace).build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.PYTHON)
                .source(source)
                .build());
        return definition;
    }
}
