package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Jobs in a namespace that has room for one pod at a time. */
class QuotaTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @BeforeAll
    static void quota() {
        Cluster.CLIENT
                .resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("one-pod")
                        .withNamespace(sandbox.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity("1")))
                        .endSpec()
                        .build())
                .create();
    }

    @Test
    void jobs_wait_in_the_api_server_s_words_and_all_get_their_turn() {
        TestWorker worker = sandbox.python("""
                import time

                def handler(job, ctx):
                    time.sleep(2)
                    return "done"
                """).apply();
        List<TestJob> jobs = Stream.generate(worker::submit).limit(3).toList();
        JobStatus refused = jobs.get(2)
                .await(
                        "the quota's words, or its turn",
                        status -> Reasons.POD_REFUSED.equals(status.reason()) || status.phase() == Phase.RUNNING);

        jobs.forEach(TestJob::succeeded);
        assertThat(refused.phase() == Phase.RUNNING
                        || String.valueOf(refused.message()).contains("exceeded quota: one-pod"))
                .as("message: %s", refused.message())
                .isTrue();
        assertThat(jobs)
                .allSatisfy(job -> assertThat(job.get().getStatus().attempts()).hasSize(1));
    }
}
