package dev.podwork.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.MemoryRaise;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryAction;
import dev.podwork.api.attempt.RetryBuilder;
import dev.podwork.api.attempt.RetryRule;
import dev.podwork.api.attempt.RetryRuleBuilder;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.FlowReference;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.worker.ConfigMapSource;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A WorkerDefinition in the making, and Jobs for it. */
final class TestWorker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Sandbox sandbox;
    private final WorkerRuntime runtime;
    private final String name;
    private List<String> command = List.of();
    private @Nullable String image;
    private @Nullable Source source;
    private @Nullable PodTemplateSpec template;
    private @Nullable JsonNode data;
    private @Nullable FlowReference flow;
    private @Nullable Timeouts timeouts;
    private @Nullable Retry retry;
    private @Nullable Integer concurrency;
    private Protocol protocol = Protocol.JSONRPC;
    private @Nullable Map<String, JsonNode> config;

    TestWorker(Sandbox sandbox, WorkerRuntime runtime) {
        this.sandbox = sandbox;
        this.runtime = runtime;
        this.name = runtime.name().toLowerCase(java.util.Locale.ROOT) + "-" + COUNTER.incrementAndGet();
    }

    TestWorker source(String inline) {
        source = new Source(inline, null, null);
        return this;
    }

    TestWorker source(Source other) {
        source = other;
        return this;
    }

    TestWorker image(String value) {
        image = value;
        return this;
    }

    TestWorker command(String... value) {
        command = List.of(value);
        return this;
    }

    /** Code in a ConfigMap: the file with the handler, and all files by their names. */
    TestWorker configMap(String file, Map<String, String> files) {
        createConfigMap(files);
        return source(new Source(null, new ConfigMapSource(name), file));
    }

    /** Code that is in the container by some other way: here a volume of the template, with folders. */
    TestWorker mounted(String file, Map<String, String> files) {
        createConfigMap(
                files.entrySet().stream().collect(Collectors.toMap(it -> key(it.getKey()), Map.Entry::getValue)));
        template = new PodTemplateSpecBuilder()
                .withNewSpec()
                .addNewContainer()
                .withName(WorkerDefinitionSpec.WORKER_CONTAINER)
                .addNewVolumeMount()
                .withName("code")
                .withMountPath("/code")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("code")
                .withNewConfigMap()
                .withName(name)
                .withItems(files.keySet().stream()
                        .map(path -> new KeyToPath(key(path), null, path))
                        .toList())
                .endConfigMap()
                .endVolume()
                .endSpec()
                .build();
        return source(new Source(null, null, "/code/" + file));
    }

    TestWorker memoryLimit(String quantity) {
        template = new PodTemplateSpecBuilder()
                .withNewSpec()
                .addNewContainer()
                .withName(WorkerDefinitionSpec.WORKER_CONTAINER)
                .withNewResources()
                .addToLimits("memory", new Quantity(quantity))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
        return this;
    }

    /** How many seconds the worker has after SIGTERM. */
    TestWorker terminationGrace(long seconds) {
        template = new PodTemplateSpecBuilder()
                .withNewSpec()
                .withTerminationGracePeriodSeconds(seconds)
                .endSpec()
                .build();
        return this;
    }

    /** No node fits. */
    TestWorker unschedulable() {
        template = new PodTemplateSpecBuilder()
                .withNewSpec()
                .addToNodeSelector("no-node-has", "this-label")
                .endSpec()
                .build();
        return this;
    }

    TestWorker data(String json) {
        try {
            data = JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** How long an attempt may take, such as {@code 2s}. */
    TestWorker attemptTimeout(String value) {
        timeouts = TimeoutsBuilder.builder().attempt(value).build();
        return this;
    }

    /** How long the worker may say nothing, such as {@code 2s}. */
    TestWorker idleTimeout(String value) {
        timeouts = TimeoutsBuilder.builder().idle(value).build();
        return this;
    }

    /** How many attempts there are in all, half a second apart. */
    TestWorker attempts(int count) {
        retry = RetryBuilder.builder()
                .attempts(count)
                .backoff(BackoffBuilder.builder()
                        .type(BackoffType.FIXED)
                        .base("500ms")
                        .jitter(0.0)
                        .build())
                .build();
        return this;
    }

    /** One more attempt after it ran out of memory, with so much of it. */
    TestWorker raisedMemory(String quantity) {
        RetryRule rule = RetryRuleBuilder.builder()
                .classes(List.of(FailureClass.OUT_OF_MEMORY))
                .action(RetryAction.RETRY)
                .raiseMemory(new MemoryRaise(10.0, quantity))
                .build();
        retry = RetryBuilder.builder().attempts(2).rules(List.of(rule)).build();
        return this;
    }

    /** How many jobs run at once. */
    TestWorker concurrency(int value) {
        concurrency = value;
        return this;
    }

    TestWorker protocol(Protocol value) {
        protocol = value;
        return this;
    }

    TestWorker config(Map<String, JsonNode> value) {
        config = value;
        return this;
    }

    TestWorker flow(String id) {
        flow = new FlowReference(id, "flow", null);
        return this;
    }

    /** Name of the WorkerDefinition. */
    String name() {
        return name;
    }

    TestWorker apply() {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(metadata(name));
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(runtime)
                .image(image)
                .command(command)
                .source(source)
                .protocol(protocol)
                .template(template)
                .timeouts(timeouts)
                .retry(retry)
                .concurrency(concurrency)
                .config(config)
                .build());
        Cluster.CLIENT.resource(definition).create();
        return this;
    }

    /** Creates the Job alone, for the name that the definition has or will have. */
    TestJob submit() {
        return submit(null);
    }

    /** The same with a priority. */
    TestJob submit(@Nullable Integer priority) {
        Job job = new Job();
        job.setMetadata(metadata(name + "-job-" + COUNTER.incrementAndGet()));
        job.setSpec(JobSpecBuilder.builder()
                .worker(name)
                .data(data)
                .flow(flow)
                .priority(priority)
                .build());
        Cluster.CLIENT.resource(job).create();
        return sandbox.job(job.getMetadata().getName());
    }

    /** Applies the definition and creates a Job for it. */
    TestJob start() {
        return apply().submit();
    }

    private void createConfigMap(Map<String, String> files) {
        Cluster.CLIENT
                .resource(new ConfigMapBuilder()
                        .withMetadata(metadata(name))
                        .withData(files)
                        .build())
                .create();
    }

    private static String key(String path) {
        return path.replace('/', '-');
    }

    private ObjectMeta metadata(String objectName) {
        return new ObjectMetaBuilder()
                .withName(objectName)
                .withNamespace(sandbox.namespace())
                .build();
    }
}
