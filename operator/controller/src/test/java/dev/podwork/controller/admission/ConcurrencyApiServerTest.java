package dev.podwork.controller.admission;

import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.limitedWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryBuilder;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.Requests;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Jobs that wait for one another, through an operator and a real API server. */
class ConcurrencyApiServerTest extends OperatorApiServerTest {

    private final WorkerDefinition worker;

    ConcurrencyApiServerTest(KubernetesClient client) {
        super(client);
        this.worker = operator.ready(limitedWorker(operator.namespace, "worker", 1));
    }

    @Test
    void theNextStartsByPriorityThenAgeAndNobodyElseIsWritten() {
        Job first = operator.create(jobOf(operator.namespace, "first", "worker"));
        AttemptKey running = started(first);
        Job low = waiting("low", -5);
        Job older = waiting("older", null);
        Job younger = waiting("younger", 0);
        Job urgent = waiting("urgent", 7);
        JobStatus told = operator.statusOf(younger);
        assertThat(told.phase()).isEqualTo(Phase.QUEUED);
        assertThat(told.message()).isEqualTo("Worker \"worker\" runs 1 of at most 1 job; 1 job is ahead");
        assertThat(told.worker()).isEqualTo("worker");
        assertThat(told.conditions())
                .singleElement()
                .extracting(Condition::getReason)
                .isEqualTo(Reasons.AT_CONCURRENCY_LIMIT);

        Requests before = Requests.now(client);
        operator.ended(running, 2, IntNode.valueOf(1));
        operator.attempt(urgent, operator.pod(urgent).getMetadata().getUid());
        Map<String, Long> requests = Requests.now(client).since(before);
        assertThat(requests).containsEntry("PUT jobs/status", 1L).containsEntry("POST pods", 1L);
        assertThat(requests.keySet()).isSubsetOf("PUT jobs/status", "POST pods", "GET pods");

        for (Job next : List.of(urgent, older, younger, low)) {
            operator.ended(started(next), 2, IntNode.valueOf(1));
            operator.awaitStatus(next, status -> status.phase() == Phase.SUCCEEDED);
        }
        assertThat(List.of(completed(urgent), completed(older), completed(younger), completed(low)))
                .isSorted();
    }

    @Test
    void whoIsCancelledOrHeldOrEndsWaitingIsAheadOfNobody() {
        AttemptKey running = started(operator.create(jobOf(operator.namespace, "first", "worker")));
        Job cancelled = waiting("cancelled", 9);
        Job suspended = waiting("suspended", 8);
        Job late = operator.create(
                job("late", 7, TimeoutsBuilder.builder().queue("1s").build(), null));
        Job deleted = waiting("deleted", 6);
        Job next = waiting("next", 5);
        patch(cancelled, "{\"spec\":{\"cancelled\":true}}");
        patch(suspended, "{\"spec\":{\"suspended\":true}}");
        client.resource(deleted).delete();
        assertThat(operator.awaitStatus(cancelled, status -> status.phase() == Phase.CANCELLED)
                        .attempts())
                .isEmpty();
        operator.awaitStatus(suspended, status -> Reasons.SUSPENDED.equals(status.reason()));
        JobStatus timedOut = operator.awaitStatus(late, status -> status.phase() == Phase.FAILED);
        assertThat(timedOut.reason()).isEqualTo(Reasons.QUEUE_TIMEOUT);
        assertThat(timedOut.message()).contains("runs 1 of at most 1 job");

        operator.ended(running, 2, IntNode.valueOf(1));
        started(next);
        patch(suspended, "{\"spec\":{\"suspended\":false}}");
        operator.awaitStatus(
                suspended,
                status -> "Worker \"worker\" runs 1 of at most 1 job; no job is ahead".equals(status.message()));
    }

    @Test
    void anotherOperatorFindsTheSlotsAndTheQueueAgain() {
        AttemptKey running = started(operator.create(jobOf(operator.namespace, "first", "worker")));
        Job second = waiting("second", null);
        Job urgent = waiting("urgent", 1);
        patch(worker, "{\"spec\":{\"concurrency\":null}}");
        started(second);
        started(urgent);
        patch(worker, "{\"spec\":{\"concurrency\":2}}");
        Job third = waiting("third", null);
        Job fourth = waiting("fourth", 1);
        operator.close();

        Requests before = Requests.now(client);
        operator = new TestOperator(client, operator.namespace, Clock.systemUTC());
        Job fifth = waiting("fifth", -1);
        assertThat(operator.statusOf(fifth).message())
                .isEqualTo("Worker \"worker\" runs 3 of at most 2 jobs; 2 jobs are ahead");
        assertThat(Requests.now(client).since(before))
                .containsEntry("PUT jobs/status", 1L)
                .doesNotContainKey("POST pods");
        operator.ended(running, 2, IntNode.valueOf(1));
        operator.awaitStatus(operator.job("first"), status -> status.phase() == Phase.SUCCEEDED);
        operator.ended(key(second), 2, IntNode.valueOf(1));
        started(fourth);
        assertThat(podNames()).doesNotContain("third-1", "fifth-1");
        assertThat(operator.statusOf(third).phase()).isEqualTo(Phase.QUEUED);
    }

    @Test
    void aHigherLimitAdmitsAsManyMoreAndNoneAdmitsAll() {
        started(operator.create(jobOf(operator.namespace, "first", "worker")));
        Job second = waiting("second", 9);
        Job third = waiting("third", 8);
        Job fourth = waiting("fourth", 7);

        limit(2);
        started(second);
        assertThat(podNames()).containsExactlyInAnyOrder("first-1", "second-1");
        limit(null);
        started(third);
        started(fourth);
    }

    @Test
    void runningJobsOutliveTheirDefinitionAndItsNamesakeCountsThem() {
        AttemptKey running = started(operator.create(jobOf(operator.namespace, "first", "worker")));
        Job second = waiting("second", null);
        client.resource(worker).delete();
        operator.awaitStatus(second, status -> Reasons.NO_WORKER.equals(status.reason()));

        operator.ready(limitedWorker(operator.namespace, "worker", 1));
        operator.awaitStatus(second, status -> Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason()));
        operator.ended(running, 2, IntNode.valueOf(1));
        assertThat(operator.awaitStatus(operator.job("first"), status -> status.phase() == Phase.SUCCEEDED)
                        .worker())
                .isEqualTo("worker");
        started(second);
    }

    @Test
    void aJobThatIsTriedAgainWaitsAgainAtItsOwnAge() {
        Retry retry = RetryBuilder.builder()
                .attempts(2)
                .backoff(BackoffBuilder.builder()
                        .type(BackoffType.FIXED)
                        .base("1s")
                        .jitter(0.0)
                        .build())
                .build();
        AttemptKey first = started(operator.create(job("first", null, null, retry)));
        Job second = waiting("second", null);
        Job third = waiting("third", null);
        operator.ended(
                first, 2, new Outcome.Failure(Reasons.WORKER_ERROR, new JobError("E", "no", null, null, null), null));
        AttemptKey running = started(second);
        client.pods()
                .inNamespace(operator.namespace)
                .withName("first-1")
                .withGracePeriod(0)
                .delete();
        Job again = operator.job("first");
        operator.awaitStatus(again, status -> Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason()));

        operator.ended(running, 2, IntNode.valueOf(1));
        await().until(() -> podNames().contains("first-2"));
        assertThat(podNames()).doesNotContain("third-1");
        assertThat(operator.statusOf(third).phase()).isEqualTo(Phase.QUEUED);
    }

    private void limit(@Nullable Integer concurrency) {
        patch(worker, "{\"spec\":{\"concurrency\":%s}}".formatted(concurrency));
    }

    private void patch(HasMetadata object, String patch) {
        client.resource(object).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private List<String> podNames() {
        return client.pods().inNamespace(operator.namespace).list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
    }

    private AttemptKey key(Job job) {
        return operator.attempt(job, operator.pod(job).getMetadata().getUid()).key();
    }

    private AttemptKey started(Job job) {
        AttemptKey key = key(job);
        operator.started(key);
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        return key;
    }

    private Job waiting(String name, @Nullable Integer priority) {
        Job job = operator.create(job(name, priority, null, null));
        operator.awaitStatus(job, status -> Reasons.AT_CONCURRENCY_LIMIT.equals(status.reason()));
        return job;
    }

    private Instant completed(Job job) {
        return Objects.requireNonNull(operator.statusOf(job).completedAt());
    }

    private Job job(String name, @Nullable Integer priority, @Nullable Timeouts timeouts, @Nullable Retry retry) {
        Job job = jobOf(operator.namespace, name, "worker");
        job.setSpec(JobSpecBuilder.builder()
                .worker("worker")
                .timeouts(timeouts)
                .retry(retry)
                .priority(priority)
                .build());
        return job;
    }
}
