package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How real workers end whose attempts are over before them, through the whole of the operator. */
class CancellationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Laptop laptop;

    @BeforeAll
    static void start() {
        laptop = new Laptop(folder);
    }

    @AfterAll
    static void stop() {
        laptop.close();
    }

    @Test
    void aHandlerIsInterruptedAndCleansUp() {
        Job job = running(WorkerRuntime.PYTHON, "polite", null, """
                import time
                def handler(job, ctx):
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    finally:
                        ctx.logger.info(f"cleaned up: {ctx.cancelled.reason}")
                """);
        Instant before = Instant.now();
        laptop.cluster().cancelJobs();

        assertThat(laptop.end(job).phase()).isEqualTo(Phase.CANCELLED);
        assertThat(workerEnd(job).getExitCode()).isEqualTo(130);
        assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(4));
        await().untilAsserted(() -> assertThat(laptop.lines()).contains("polite-1: INFO cleaned up: Cancelled"));
    }

    @Test
    void aHandlerInNodeIsToldByItsSignal() {
        Job job = create(WorkerRuntime.NODE, "signalled", idle("1s"), """
                import { setTimeout as sleep } from 'node:timers/promises'
                export default async (job, ctx) => {
                  await sleep(600_000, null, { signal: ctx.signal }).catch((e) => ctx.logger.info(`stopped: ${e.name}`))
                }
                """);

        assertThat(laptop.end(job).reason()).isEqualTo(Reasons.IDLE_TIMEOUT);
        assertThat(workerEnd(job).getExitCode()).isEqualTo(130);
        await().untilAsserted(() -> assertThat(laptop.lines()).contains("signalled-1: INFO stopped: AbortError"));
    }

    @Test
    void oneThatIgnoresEverythingIsKilledAfterThePodsGrace() {
        Job job = create(
                WorkerRuntime.PYTHON,
                "stubborn",
                TimeoutsBuilder.builder().attempt("1s").build(),
                """
                import signal, time
                def handler(job, ctx):
                    signal.signal(signal.SIGTERM, lambda *_: print("SIGTERM came", flush=True))
                    while True:
                        try:
                            time.sleep(600)
                        except BaseException as e:
                            print("ignored", type(e).__name__, flush=True)
                """);

        JobStatus status = laptop.end(job);
        assertThat(status.reason()).isEqualTo(Reasons.ATTEMPT_TIMEOUT);
        assertThat(workerEnd(job).getExitCode()).isEqualTo(137);
        assertThat(laptop.lines()).contains("stubborn-1: ignored Cancelled", "stubborn-1: SIGTERM came");
    }

    @Test
    void theWorkerOfADeletedJobCleansUp() {
        Job job = running(WorkerRuntime.PYTHON, "deleted", null, """
                import time
                def handler(job, ctx):
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    finally:
                        time.sleep(0.5)
                        ctx.logger.info(f"cleaned up: {ctx.cancelled.reason}")
                """);
        laptop.cluster().client().resource(job).delete();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(laptop.lines()).contains("deleted-1: INFO cleaned up: Deleted"));
    }

    private static Timeouts idle(String value) {
        return TimeoutsBuilder.builder().idle(value).build();
    }

    private static Job running(WorkerRuntime runtime, String name, @Nullable Timeouts timeouts, String code) {
        Job job = create(runtime, name, timeouts, code);
        // Running is recorded before the handler begins.
        awaitStatus(job, status -> status.progress() != null);
        return job;
    }

    private static Job create(WorkerRuntime runtime, String name, @Nullable Timeouts timeouts, String code) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(metadata(name));
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(runtime)
                .source(new Source(code, null, null))
                .protocol(Protocol.JSONRPC)
                .template(new PodTemplateSpecBuilder()
                        .withNewSpec()
                        .withTerminationGracePeriodSeconds(4L)
                        .endSpec()
                        .build())
                .timeouts(timeouts)
                .build());
        laptop.cluster().client().resource(definition).create();
        Job job = new Job();
        job.setMetadata(metadata(name));
        job.setSpec(JobSpecBuilder.builder().worker(name).build());
        return laptop.cluster().client().resource(job).create();
    }

    private static ObjectMeta metadata(String name) {
        return new ObjectMetaBuilder().withName(name).withNamespace("default").build();
    }

    private static JobStatus awaitStatus(Job job, Predicate<JobStatus> condition) {
        return await().atMost(PATIENCE)
                .until(
                        () -> laptop.cluster().client().resource(job).get().getStatus(),
                        status -> status != null && condition.test(status));
    }

    private static ContainerStateTerminated workerEnd(Job job) {
        String pod = job.getMetadata().getName() + "-1";
        return await().atMost(PATIENCE)
                .until(
                        () -> laptop
                                .cluster()
                                .client()
                                .pods()
                                .inNamespace("default")
                                .withName(pod)
                                .get()
                                .getStatus()
                                .getContainerStatuses()
                                .stream()
                                .filter(container -> container.getName().equals(WorkerDefinitionSpec.WORKER_CONTAINER))
                                .findFirst()
                                .map(container -> container.getState().getTerminated())
                                .orElse(null),
                        end -> end != null);
    }
}
