package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.AttemptKey;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that are held back, and jobs that somebody ends. */
class CancellationApiServerTest extends OperatorApiServerTest {

    CancellationApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
    }

    @Test
    void aQueuedJobEndsWithoutAPod() {
        Job job = operator.create(held("queued", null, true));
        operator.awaitStatus(job, status -> Reasons.SUSPENDED.equals(status.reason()));
        cancel(job);

        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.CANCELLED);
        assertThat(status.attempts()).isEmpty();
        assertThat(podOf(job)).isNull();
    }

    @Test
    void aRunningJobsSessionIsToldToEndAndItsPodHasTimeTo() {
        Job job = operator.create(jobOf(operator.namespace, "running", "worker"));
        Pod pod = operator.pod(job);
        AttemptKey key = operator.attempt(job, pod.getMetadata().getUid()).key();
        operator.started(key);
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        cancel(job);
        JobStatus cancelled = operator.awaitStatus(job, status -> status.phase() == Phase.CANCELLED);
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
        assertThat(operator.recorded)
                .extracting(TestOperator.Recorded::end)
                .contains(new AttemptEnd("Cancelled", "The job was cancelled while it ran in pod running-1"));

        operator.ended(key, 9, IntNode.valueOf(42));
        await().until(() -> operator.recorded.stream().anyMatch(told -> told.over() && told.sequence() == 9));
        assertThat(operator.statusOf(job)).isEqualTo(cancelled);
        assertThat(podOf(job)).isNotNull();
    }

    @Test
    void aPodWhoseWorkerCannotBeToldIsDeletedAtOnce() {
        operator.connected = false;
        Job job = running("deaf");
        cancel(job);

        await().until(() -> podOf(job) == null);
        assertThat(operator.statusOf(job).phase()).isEqualTo(Phase.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeletionPropagation.class,
            names = {"BACKGROUND", "FOREGROUND"})
    void theWorkerOfADeletedJobIsToldSo(DeletionPropagation propagation) {
        Job job = running("deleted");
        client.resource(job).withPropagationPolicy(propagation).delete();

        await().until(() -> operator.recorded.stream().anyMatch(told -> AttemptEnd.DELETED.equals(told.end())));
    }

    private Job running(String name) {
        Job job = operator.create(jobOf(operator.namespace, name, "worker"));
        Pod pod = operator.pod(job);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        return job;
    }

    @Test
    void aSessionThatHasToldNothingYetIsToldToo() {
        Job job = operator.create(jobOf(operator.namespace, "silent", "worker"));
        operator.pod(job);
        cancel(job);

        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
        await().until(() -> podOf(job) == null);
        assertThat(operator.statusOf(job).phase()).isEqualTo(Phase.CANCELLED);
    }

    @Test
    void anotherOperatorDeletesThePodThatIsLeft() {
        Job job = operator.create(jobOf(operator.namespace, "left", "worker"));
        Pod pod = operator.pod(job);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        cancel(job);
        JobStatus cancelled = operator.awaitStatus(job, status -> status.phase() == Phase.CANCELLED);
        operator.close();
        assertThat(podOf(job)).isNotNull();

        operator =
                new TestOperator(client, operator.namespace, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(41)));
        await().until(() -> podOf(job) == null);
        assertThat(operator.statusOf(job)).isEqualTo(cancelled);
    }

    @Test
    void aResumedJobStarts() {
        Job job = operator.create(held("resumed", null, true));
        operator.awaitStatus(job, status -> Reasons.SUSPENDED.equals(status.reason()));
        assertThat(podOf(job)).isNull();
        patch(job, "{\"spec\":{\"suspended\":false}}");

        assertThat(operator.pod(job)).isNotNull();
    }

    @Test
    void aRunningJobIsSuspendedAndGoesOnInAnotherPod() {
        operator.connected = false;
        Job job = running("paused");
        patch(job, "{\"spec\":{\"suspended\":true}}");

        JobStatus waits = operator.awaitStatus(
                job, status -> status.phase() == Phase.QUEUED && Reasons.SUSPENDED.equals(status.reason()));
        assertThat(waits.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.reason()).isEqualTo(Reasons.SUSPENDED));
        assertThat(operator.recorded)
                .anySatisfy(told -> assertThat(told.end())
                        .isNotNull()
                        .extracting(AttemptEnd::reason)
                        .isEqualTo(Reasons.SUSPENDED));
        assertThat(podOf(job)).isNull();

        patch(job, "{\"spec\":{\"suspended\":false}}");
        await().until(() -> client.pods()
                        .inNamespace(operator.namespace)
                        .withName("paused-2")
                        .get()
                != null);
    }

    @Test
    void notBeforeIsKept() {
        Instant start = Instant.now().plusSeconds(4);
        Job job = operator.create(held("later", start, null));
        operator.awaitStatus(job, status -> Reasons.NOT_BEFORE.equals(status.reason()));

        Pod pod = operator.pod(job);
        // The API server keeps whole seconds.
        assertThat(Instant.parse(pod.getMetadata().getCreationTimestamp())).isAfterOrEqualTo(start.minusSeconds(1));
    }

    private @Nullable Pod podOf(Job job) {
        return client.pods()
                .inNamespace(operator.namespace)
                .withName(job.getMetadata().getName() + "-1")
                .get();
    }

    private void cancel(Job job) {
        patch(job, "{\"spec\":{\"cancelled\":true}}");
    }

    private void patch(Job job, String patch) {
        client.resource(job).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private Job held(String name, @Nullable Instant notBefore, @Nullable Boolean suspended) {
        Job job = jobOf(operator.namespace, name, "worker");
        job.setSpec(JobSpecBuilder.builder()
                .worker("worker")
                .notBefore(notBefore)
                .suspended(suspended)
                .build());
        return job;
    }
}
