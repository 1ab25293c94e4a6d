package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.TestOperator;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Clocks that run out while an operator watches, and while none does. */
class TimeLimitApiServerTest extends OperatorApiServerTest {

    TimeLimitApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
    }

    @Test
    void aWorkerThatTakesTooLongIsToldToEnd() {
        Job job = create(
                "slow", TimeoutsBuilder.builder().start("10s").attempt("1s").build());
        Pod pod = operator.pod(job);
        assertThat(pod.getSpec().getActiveDeadlineSeconds()).isEqualTo(131);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());

        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.reason()).isEqualTo(Reasons.ATTEMPT_TIMEOUT);
        assertThat(failed.message()).isEqualTo("Worker timeout after 1000ms");
        await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));
    }

    @Test
    void aPodThatNeverStartsIsDeleted() {
        Job job = create("stuck", TimeoutsBuilder.builder().start("2s").build());
        operator.pod(job);

        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.reason()).isEqualTo(Reasons.START_TIMEOUT);
        assertThat(failed.message()).contains("pod stuck-1 was not scheduled");
        await().until(() -> client.pods()
                        .inNamespace(operator.namespace)
                        .withName("stuck-1")
                        .get()
                == null);
    }

    @Test
    void aClockGoesOnWhileNoOperatorWatches() {
        Job job = create("unwatched", TimeoutsBuilder.builder().attempt("10m").build());
        Pod pod = operator.pod(job);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        operator.close();

        operator =
                new TestOperator(client, operator.namespace, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11)));
        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.message()).isEqualTo("Worker timeout after 600000ms");
    }

    @Test
    void aWorkerThatIsHeardOfIsNotIdleUntilItIsNot() {
        operator.heardAt = Instant.now();
        Job job = create("idle", TimeoutsBuilder.builder().idle("2s").build());
        Pod pod = operator.pod(job);
        operator.started(operator.attempt(job, pod.getMetadata().getUid()).key());
        operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
        String running = client.resource(job).get().getMetadata().getResourceVersion();
        Instant heard = Instant.now().plusSeconds(2);
        operator.heardAt = heard;

        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(4))
                .until(() -> client.resource(job)
                        .get()
                        .getMetadata()
                        .getResourceVersion()
                        .equals(running));
        JobStatus failed = operator.awaitStatus(job, status -> status.phase() == Phase.FAILED);
        assertThat(failed.reason()).isEqualTo(Reasons.IDLE_TIMEOUT);
        assertThat(failed.message()).isEqualTo("Worker sent nothing for 2000ms");
        assertThat(failed.completedAt()).isAfterOrEqualTo(heard.plusSeconds(2));
    }

    private Job create(String name, Timeouts timeouts) {
        Job job = jobOf(operator.namespace, name, "worker");
        job.setSpec(JobSpecBuilder.builder().worker("worker").timeouts(timeouts).build());
        return operator.create(job);
    }
}
