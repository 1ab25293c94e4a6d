package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.configMapWorker;
import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.jobOfType;
import static dev.podwork.controller.testing.Manifests.pythonWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.ApiServer;
import dev.podwork.controller.testing.FakeKubelet;
import dev.podwork.controller.testing.Requests;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A job's way through an operator and a real API server; the kubelet and the session with the pod are played. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class JobLifeApiServerTest {

    private final KubernetesClient client;
    private final FakeKubelet kubelet;
    private TestOperator operator;

    JobLifeApiServerTest(KubernetesClient client) {
        this.client = client;
        this.kubelet = new FakeKubelet(client);
        this.operator = new TestOperator(client, ApiServer.namespace(client, Map.of()), Clock.systemUTC());
    }

    @BeforeEach
    void worker() {
        operator.ready(imageWorker(operator.namespace, "worker"));
    }

    @AfterEach
    void stop() {
        operator.close();
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
    void aPodMadeBeforeACrashIsAdopted() {
        operator.close();
        Job job = operator.create(jobOf(operator.namespace, "adopted", "worker"));
        Job other = operator.create(jobOf(operator.namespace, "template", "worker"));
        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());
        Pod made = operator.pod(job);
        operator.close();
        // Without the label the informer does not know it, as right after the creation.
        client.resource(made).edit(pod -> {
            pod.getMetadata().getLabels().remove("app.kubernetes.io/managed-by");
            return pod;
        });
        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());

        AttemptKey key = operator.attempt(job, made.getMetadata().getUid()).key();
        operator.ended(key, 1, IntNode.valueOf(1));
        assertThat(operator.awaitStatus(job, status -> status.phase() == Phase.SUCCEEDED)
                        .attempts())
                .extracting(AttemptStatus::podUid)
                .containsExactly(made.getMetadata().getUid());
        assertThat(operator.pod(other)).isNotNull();
    }

    @Test
    void aPodOfAnotherOwnerIsAConflictUntilItGoes() {
        operator.close();
        Job job = operator.create(jobOf(operator.namespace, "blocked", "worker"));
        Pod foreign = client.resource(podNamed("blocked-1")).create();
        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());

        JobStatus blocked = operator.awaitStatus(job, status -> Reasons.POD_CONFLICT.equals(status.reason()));
        assertThat(blocked.phase()).isEqualTo(Phase.QUEUED);
        assertThat(blocked.message()).contains("blocked-1", "belongs to nobody");
        assertThat(blocked.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getType()).isEqualTo("Reconciling");
            assertThat(condition.getReason()).isEqualTo(Reasons.POD_CONFLICT);
        });
        assertThat(operator.eventsOf(job))
                .singleElement()
                .satisfies(event -> assertThat(event.getReason()).isEqualTo(Reasons.POD_CONFLICT));

        client.resource(foreign).withGracePeriod(0).delete();
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        !operator.pod(job).getMetadata().getOwnerReferences().isEmpty());
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
        theirs.setStatus(new JobStatus(
                1L,
                Phase.FAILED,
                "PodLost",
                "theirs",
                "worker",
                null,
                null,
                null,
                null,
                null,
                running.attempts(),
                List.of()));
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
    void anOperatorThatStartsAnewGoesOnFromWhatIsRecorded() {
        Job job = operator.create(jobOf(operator.namespace, "survivor", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        operator.started(key);
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        operator.close();

        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());
        Requests before = Requests.now(client);
        Attempt attempt = operator.attempt(job, pod.getMetadata().getUid());
        assertThat(attempt.over()).isFalse();
        assertThat(attempt.recorded()).isNotNull();
        assertThat(attempt.recorded().acknowledged()).isEqualTo(1);
        operator.ended(attempt.key(), 2, IntNode.valueOf(7));
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));

        assertThat(Requests.now(client).since(before)).isEqualTo(Map.of("PUT jobs/status", 1L));
        assertThat(operator.statusOf(job).result()).isEqualTo(IntNode.valueOf(7));
    }

    @Test
    void aPodThatIsDeletedFailsTheJobAndIsNotMadeTwice() {
        Job job = operator.create(jobOf(operator.namespace, "lost", "worker"));
        Pod pod = operator.pod(job);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        client.resource(pod).withGracePeriod(0).delete();

        JobStatus lost = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(lost.reason()).isEqualTo(Reasons.POD_LOST);
        assertThat(lost.error()).isNotNull();
        assertThat(lost.error().type()).isEqualTo(Reasons.POD_LOST);
        assertThat(lost.conditions()).extracting(Condition::getType).containsExactly("Failed", "Stalled");
        assertThat(operator.eventsOf(job))
                .singleElement()
                .satisfies(event -> assertThat(event.getMessage()).contains("lost-1 was deleted"));
        assertThat(operator.forgotten).containsExactly(pod.getMetadata().getUid());
        assertThat(client.resource(pod).get()).isNull();
    }

    @Test
    void theKubeletsWordIsTakenWhenTheSessionGivesNone() {
        Job job = operator.create(jobOf(operator.namespace, "silent", "worker"));
        Pod pod = operator.pod(job);
        kubelet.terminated(
                pod,
                7,
                "Error",
                "{\"code\":7,\"signal\":\"\",\"oomKilled\":false,\"error\":\"\",\"stderrTail\":[\"no samples\"]}");

        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.reason()).isEqualTo(Reasons.NON_ZERO_EXIT);
        assertThat(failed.message()).contains("code 7", "no samples");
        assertThat(failed.attempts().get(0).exitCode()).isEqualTo(7);
        assertThat(failed.attempts().get(0).stderrTail()).containsExactly("no samples");
    }

    @Test
    void theSessionsWordIsTakenWhenItComesInTime() {
        Job job = operator.create(jobOf(operator.namespace, "told", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        kubelet.terminated(pod, 9, "Error", null);
        operator.ended(key, 1, new Outcome.Exited(new Exit(9, "", false, "", List.of("from the session"), null)));

        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.message()).contains("code 9", "from the session");
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
    void aDeletedJobsSessionIsToldToEnd() {
        Job job = operator.create(jobOf(operator.namespace, "deleted", "worker"));
        AttemptKey key =
                operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
        operator.started(key);
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        client.resource(job).delete();

        await().until(() -> operator.controllers
                .attempts()
                .find(operator.namespace, "deleted-1", key.podUid())
                .isEmpty());
        operator.started(key);
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
    }

    @Test
    void aSessionOfADeletedJobIsNotTakenForThatOfANewOneOfThatName() {
        Job job = operator.create(jobOf(operator.namespace, "again", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        client.resource(job).delete();
        Job anew = operator.create(jobOf(operator.namespace, "again", "worker"));
        operator.awaitStatus(anew, status -> Reasons.POD_CONFLICT.equals(status.reason()));

        operator.ended(key, 1, IntNode.valueOf(1));
        await().until(() -> operator.recorded.stream()
                .anyMatch(told -> told.job().equals("again") && told.sequence() == 1 && told.over()));
        client.resource(pod).withGracePeriod(0).delete();

        String uid = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> operator.pod(anew).getMetadata().getUid(),
                        now -> !now.equals(pod.getMetadata().getUid()));
        operator.ended(operator.attempt(anew, uid).key(), 1, IntNode.valueOf(2));
        assertThat(operator.awaitStatus(anew, status -> status.phase() != Phase.QUEUED)
                        .result())
                .isEqualTo(IntNode.valueOf(2));
    }

    @Test
    void aDefinitionThatArrivesWakesTheJobsThatWaitForIt() {
        Job byType = operator.create(jobOfType(operator.namespace, "by-type", "resize"));
        Job byName = operator.create(jobOf(operator.namespace, "by-name", "resizer"));
        JobStatus waiting = operator.awaitStatus(byType, status -> Reasons.NO_WORKER.equals(status.reason()));
        assertThat(waiting.phase()).isEqualTo(Phase.QUEUED);
        assertThat(waiting.message()).startsWith("No worker found for task type: resize; waits for one until");
        operator.ready(imageWorker(operator.namespace, "resizer", "resize"));

        assertThat(operator.pod(byType)).isNotNull();
        assertThat(operator.pod(byName)).isNotNull();
    }

    @Test
    void withoutAWorkerTheJobFailsAfterHalfAMinute() {
        operator.close();
        Job byType = operator.create(jobOfType(operator.namespace, "by-type", "resize"));
        Job byName = operator.create(jobOf(operator.namespace, "by-name", "resizer"));
        operator =
                new TestOperator(client, operator.namespace, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(31)));

        JobStatus failed = operator.awaitStatus(byType, status -> status.phase() == Phase.FAILED);
        assertThat(failed.reason()).isEqualTo(Reasons.NO_WORKER);
        assertThat(failed.error()).isNotNull();
        assertThat(failed.error().message()).isEqualTo("No worker found for task type: resize");
        assertThat(failed.attempts()).isEmpty();
        assertThat(operator.awaitStatus(byName, status -> status.phase() == Phase.FAILED)
                        .message())
                .isEqualTo("No WorkerDefinition named resizer in namespace " + operator.namespace);
    }

    @Test
    void aDefinitionThatIsNotReadyIsWaitedFor() {
        client.resource(configMapWorker(operator.namespace, "unready", "absent", "handler.py"))
                .create();
        Job job = operator.create(jobOf(operator.namespace, "patient", "unready"));
        JobStatus waiting = operator.awaitStatus(job, status -> Reasons.WORKER_NOT_READY.equals(status.reason()));
        assertThat(waiting.message()).contains("unready is not ready", "no ConfigMap absent");
        assertThat(waiting.worker()).isEqualTo("unready");

        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("absent")
                        .withNamespace(operator.namespace)
                        .endMetadata()
                        .withData(Map.of("handler.py", "def handler(job, ctx): pass"))
                        .build())
                .create();
        await().atMost(Duration.ofSeconds(15)).until(() -> operator.pod(job) != null);
    }

    @Test
    void inlineCodeIsDelivered() {
        operator.ready(pythonWorker(operator.namespace, "inline", "def handler(job, ctx): return 1"));
        Job job = operator.create(jobOf(operator.namespace, "delivered", "inline"));
        Pod pod = operator.pod(job);
        String configMap = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getConfigMap() != null)
                .findFirst()
                .orElseThrow()
                .getConfigMap()
                .getName();
        assertThat(client.configMaps()
                        .inNamespace(operator.namespace)
                        .withName(configMap)
                        .get()
                        .getData())
                .containsEntry("worker.py", "def handler(job, ctx): return 1");
    }

    private Pod podNamed(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(operator.namespace)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("any")
                .withImage("any")
                .endContainer()
                .endSpec()
                .build();
    }
}
