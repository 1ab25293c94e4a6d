package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Job may come before its worker, as in a GitOps batch; but it does not wait for ever. */
class NoWorkerTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void without_a_worker_a_job_fails_after_half_a_minute_and_says_so_before() {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("nobody")
                .withNamespace(sandbox.namespace())
                .build());
        job.setSpec(JobSpecBuilder.builder().type("resize_image").build());
        Cluster.CLIENT.resource(job).create();

        JobStatus waiting = sandbox.job("nobody").await("what it waits for", status -> status.reason() != null);
        assertThat(waiting.reason()).isEqualTo(Reasons.NO_WORKER);
        assertThat(waiting.message()).contains("resize_image");
        assertThat(waiting.conditions())
                .anySatisfy(condition -> assertThat(condition.getMessage()).contains("resize_image"));

        JobStatus end = sandbox.job("nobody").failed(Reasons.NO_WORKER);
        assertThat(Objects.requireNonNull(end.error()).message())
                .contains("No worker found for task type: resize_image");
        Instant created =
                Instant.parse(sandbox.job("nobody").get().getMetadata().getCreationTimestamp());
        assertThat(Duration.between(created, end.completedAt()))
                .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(40));
    }

    @Test
    void a_worker_that_comes_five_seconds_later_is_soon_enough() throws InterruptedException {
        TestWorker worker = sandbox.python("def handler(job, ctx):\n    return 'served'\n");

        TestJob job = worker.submit();
        job.await("what it waits for", status -> Reasons.NO_WORKER.equals(status.reason()));
        Thread.sleep(5000);
        worker.apply();

        assertThat(job.succeeded().textValue()).isEqualTo("served");
    }
}
