package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.AttemptStatusBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.job.Telemetry;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.Requests;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a job costs the API server, and what comes of writes that cross others'. The kubelet and the session with the pod are played. */
class JobWritesApiServerTest extends OperatorApiServerTest {

    JobWritesApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
    }

    @Test
    void aJobThatSucceedsTakesThreeWritesAndNoReads() {
        Requests before = Requests.now(client);
        Job job = operator.create(jobOf(operator.namespace, "good", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        kubelet.running(pod);
        operator.started(key);
        await().until(() -> !operator.recorded.isEmpty());
        operator.ended(key, 2, IntNode.valueOf(42));
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
        kubelet.terminated(pod, 0, "Completed", null);

        Map<String, Long> requests = new TreeMap<>(Requests.now(client).since(before));
        assertThat(requests).containsEntry("POST pods", 1L).containsEntry("PUT jobs/status", 2L);
        // The rest is what this test did: the job, and the kubelet's part.
        requests.keySet().removeAll(List.of("POST pods", "PUT jobs/status", "POST jobs", "GET pods"));
        assertThat(requests).containsOnlyKeys("PATCH pods/status");

        JobStatus status = operator.statusOf(job);
        assertThat(status.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(status.result()).isEqualTo(IntNode.valueOf(42));
        assertThat(status.worker()).isEqualTo("worker");
        assertThat(status.observedGeneration()).isEqualTo(1);
        assertThat(status.conditions()).extracting(Condition::getType).containsExactly("Complete");
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.podUid()).isEqualTo(pod.getMetadata().getUid());
            assertThat(attempt.startedAt()).isNotNull();
            assertThat(attempt.endedAt()).isEqualTo(status.completedAt());
            assertThat(attempt.acknowledged()).isEqualTo(2);
        });
        assertThat(operator.eventsOf(job)).isEmpty();
    }

    @Test
    void aResultThatComesBeforeRunningWasWrittenSavesThatWrite() {
        Job job = operator.create(jobOf(operator.namespace, "quick", "worker"));
        AttemptKey key =
                operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
        Requests before = Requests.now(client);
        operator.ended(key, 1, NullNode.getInstance());
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));

        assertThat(Requests.now(client).since(before)).isEqualTo(Map.of("PUT jobs/status", 1L));
        assertThat(operator.statusOf(job).phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(operator.statusOf(job).result()).isEqualTo(NullNode.getInstance());
    }

    @Test
    void aThousandReportsOfProgressTakeAWriteASecond() {
        Job job = operator.create(jobOf(operator.namespace, "chatty", "worker"));
        AttemptKey key =
                operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
        operator.started(key);
        await().until(() -> !operator.recorded.isEmpty());
        Requests before = Requests.now(client);
        for (int i = 2; i <= 1001; i++) {
            operator.progress(key, i, i / 20.0);
        }
        await().until(() -> operator.recorded.stream().anyMatch(told -> told.sequence() == 1001));

        assertThat(Requests.now(client).since(before)).isEqualTo(Map.of("PUT jobs/status", 1L));
        assertThat(operator.statusOf(job).progress()).isEqualTo(new Progress(1001 / 20.0, null));
    }

    @Test
    void whatAWorkerUsesTakesNoWriteOfItsOwn() {
        Job job = operator.create(jobOf(operator.namespace, "measured", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        Instant start = Instant.now();
        report(key, start, 1, 0, null);
        await().until(() -> !operator.recorded.isEmpty());
        Requests before = Requests.now(client);
        for (int megabytes = 1; megabytes <= 50; megabytes++) {
            report(key, start, 1, megabytes, null);
        }
        // The news of the pod makes the operator look at the job.
        kubelet.running(pod);
        operator.progress(key, 2, 50);
        await().until(() -> operator.recorded.stream().anyMatch(told -> told.sequence() == 2));
        assertThat(Requests.now(client).since(before)).containsEntry("PUT jobs/status", 1L);

        report(key, start, 3, 51, new Outcome.Result(IntNode.valueOf(1)));
        Telemetry told = Objects.requireNonNull(operator.awaitStatus(job, status -> status.phase() == Phase.SUCCEEDED)
                .telemetry());
        assertThat(told.memoryBytes()).isEqualTo(51L << 20);
        assertThat(Requests.now(client).since(before)).containsEntry("PUT jobs/status", 2L);
    }

    private void report(AttemptKey key, Instant start, long sequence, long megabytes, @Nullable Outcome outcome) {
        Telemetry measured = new Telemetry(1, start, megabytes << 20, megabytes << 20, 0.5, 1, null);
        operator.controllers
                .attempts()
                .report(new AttemptReport(key, start, null, List.of(), sequence, outcome, measured));
    }

    @Test
    void anImageThatCannotBeHadIsToldOnce() {
        Job job = operator.create(jobOf(operator.namespace, "imageless", "worker"));
        Pod pod = operator.pod(job);
        kubelet.waiting(pod, "ErrImagePull", "manifest unknown");
        JobStatus starting = operator.awaitStatus(job, status -> status.phase() == Phase.STARTING);
        assertThat(starting.reason()).isEqualTo(Reasons.IMAGE);
        assertThat(starting.message()).contains("worker", "ErrImagePull", "manifest unknown");

        Requests before = Requests.now(client);
        kubelet.waiting(pod, "ImagePullBackOff", "Back-off pulling image");
        kubelet.waiting(pod, "ErrImagePull", "manifest unknown");
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        assertThat(Requests.now(client).since(before)).containsEntry("PUT jobs/status", 1L);
        assertThat(operator.eventsOf(job)).hasSize(1);
    }

    @Test
    void anEndIsNeverOverwritten() {
        Job job = operator.create(jobOf(operator.namespace, "raced", "worker"));
        AttemptKey key =
                operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
        operator.started(key);
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);

        // Another replica is quicker, and we are told before our watch can know.
        Job theirs = client.resource(job).get();
        JobStatus running = theirs.getStatus();
        theirs.setStatus(JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(Phase.FAILED)
                .reason("PodLost")
                .message("theirs")
                .worker("worker")
                .attempts(running.attempts())
                .build());
        client.resource(theirs).updateStatus();
        operator.ended(key, 2, TextNode.valueOf("ours"));

        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
        assertThat(operator.statusOf(job).phase()).isEqualTo(Phase.FAILED);
        assertThat(operator.statusOf(job).message()).isEqualTo("theirs");
        assertThat(operator.statusOf(job).result()).isNull();
    }

    @Test
    void aWriteThatCrossesAnotherIsDoneAgain() {
        Job job = operator.create(jobOf(operator.namespace, "crossed", "worker"));
        AttemptKey key =
                operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
        for (int i = 1; i <= 10; i++) {
            client.resource(job)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"labels\":{\"touched\":\"%d\"}}}".formatted(i));
            operator.progress(key, i, i);
        }
        operator.ended(key, 11, IntNode.valueOf(1));

        operator.awaitStatus(job, status -> status.phase() == Phase.SUCCEEDED);
        assertThat(client.resource(job).get().getMetadata().getLabels()).containsEntry("touched", "10");
    }

    @Test
    void whatAnotherOperatorWroteLastIsGoneOnFrom() {
        Job job = operator.create(jobOf(operator.namespace, "left", "worker"));
        operator.pod(job);

        Job theirs = client.resource(job).get();
        AttemptStatus failed = AttemptStatusBuilder.builder()
                .number(1)
                .pod("left-1")
                .podUid("gone")
                .endedAt(now())
                .build();
        theirs.setStatus(JobStatusBuilder.builder()
                .observedGeneration(1L)
                .phase(Phase.RETRYING)
                .reason(Reasons.WORKER_ERROR)
                .message("theirs")
                .worker("worker")
                .attempts(List.of(failed))
                .nextAttemptAt(now())
                .build());
        client.resource(theirs).updateStatus();

        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.pods()
                                .inNamespace(operator.namespace)
                                .withName("left-2")
                                .get()
                        != null);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
