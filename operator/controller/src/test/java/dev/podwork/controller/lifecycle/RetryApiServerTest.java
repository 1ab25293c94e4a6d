package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.attempt.Backoff;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.RetryBuilder;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Attempts that follow one another, each in a pod of its own, and each fenced off from the one before. */
class RetryApiServerTest extends OperatorApiServerTest {

    RetryApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
    }

    @Test
    void aFailedAttemptIsFollowedByAnother() {
        Job job = create("twice", 2);
        AttemptKey first = fail(job, 1, null);
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
        kubelet.terminated(pod(job, 1), 1, "Error", null);

        Attempt second = attempt(job, 2);
        assertThat(second.execute().at("/job/attempt")).isEqualTo(IntNode.valueOf(2));
        operator.ended(first, 9, IntNode.valueOf(41));
        await().until(() -> operator.recorded.stream().anyMatch(told -> told.over() && told.sequence() == 9));
        assertThat(operator.controllers
                        .attempts()
                        .find(operator.namespace, "twice-1", first.podUid())
                        .orElseThrow()
                        .over())
                .isTrue();

        operator.ended(second.key(), 2, IntNode.valueOf(42));
        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.SUCCEEDED);
        assertThat(status.result()).isEqualTo(IntNode.valueOf(42));
        assertThat(status.attempts()).extracting(AttemptStatus::number).containsExactly(1, 2);
        assertThat(status.attempts().get(0).failureClass()).isEqualTo(FailureClass.WORKER);
    }

    @Test
    void theLastFailureIsTheJobs() {
        Job job = create("never", 2);
        fail(job, 1, null);
        kubelet.terminated(pod(job, 1), 1, "Error", null);
        fail(job, 2, null);

        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.FAILED);
        assertThat(status.message()).isEqualTo("ValueError: no samples");
        assertThat(status.attempts()).hasSize(2);
    }

    @Test
    void theWorkersOwnWordIsFinal() {
        Job job = create("final", 5);
        fail(job, 1, false);

        assertThat(operator.awaitStatus(job, ended -> ended.phase() == Phase.FAILED)
                        .attempts())
                .hasSize(1);
    }

    @Test
    void aLostPodUsesTheBudgetOfTheInfrastructure() {
        Job job = create("moved", 1);
        Pod pod = pod(job, 1);
        operator.started(attempt(job, 1).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        client.resource(pod).withGracePeriod(0).delete();

        operator.ended(attempt(job, 2).key(), 1, IntNode.valueOf(1));
        JobStatus status = operator.awaitStatus(job, ended -> ended.phase() == Phase.SUCCEEDED);
        assertThat(status.attempts().get(0).failureClass()).isEqualTo(FailureClass.INFRASTRUCTURE);
    }

    @Test
    void anotherOperatorGoesOnWithTheNextAttempt() {
        Job job = create("handed-over", 2);
        fail(job, 1, null);
        operator.awaitStatus(job, status -> status.phase() == Phase.RETRYING);
        operator.close();
        kubelet.terminated(pod(job, 1), 1, "Error", null);

        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());
        operator.ended(attempt(job, 2).key(), 1, IntNode.valueOf(1));
        operator.awaitStatus(job, ended -> ended.phase() == Phase.SUCCEEDED);
    }

    private AttemptKey fail(Job job, int number, @Nullable Boolean retriable) {
        AttemptKey key = attempt(job, number).key();
        operator.ended(
                key,
                5,
                new Outcome.Failure(
                        Reasons.WORKER_ERROR, new JobError("ValueError", "no samples", null, null, retriable), null));
        return key;
    }

    private Attempt attempt(Job job, int number) {
        Pod pod = pod(job, number);
        return await().until(
                        () -> operator.controllers
                                .attempts()
                                .find(
                                        operator.namespace,
                                        pod.getMetadata().getName(),
                                        pod.getMetadata().getUid()),
                        found -> found.filter(attempt -> !attempt.over()).isPresent())
                .orElseThrow();
    }

    private Pod pod(Job job, int number) {
        return await().until(
                        () -> client.pods()
                                .inNamespace(operator.namespace)
                                .withName(job.getMetadata().getName() + "-" + number)
                                .get(),
                        found -> found != null);
    }

    private Job create(String name, int attempts) {
        Backoff backoff =
                BackoffBuilder.builder().type(BackoffType.FIXED).base("500ms").build();
        Job job = jobOf(operator.namespace, name, "worker");
        job.setSpec(JobSpecBuilder.builder()
                .worker("worker")
                .retry(RetryBuilder.builder()
                        .attempts(attempts)
                        .infrastructureRetries(1)
                        .backoff(backoff)
                        .build())
                .build());
        return operator.create(job);
    }
}
