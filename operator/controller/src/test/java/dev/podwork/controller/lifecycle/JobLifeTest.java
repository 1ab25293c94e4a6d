package dev.podwork.controller.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.controller.testing.Manifests;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.Attempt;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same way through the API server of the laptop: it has no admission, no conflicts and no garbage collector. */
@EnableKubernetesMockClient(crud = true)
class JobLifeTest {

    // Both set by the extension.
    @SuppressWarnings("NullAway.Init")
    KubernetesClient client;

    @SuppressWarnings("NullAway.Init")
    KubernetesMockServer server;

    @BeforeEach
    void crds() throws IOException {
        for (String kind : List.of("jobs", "workerdefinitions")) {
            try (InputStream yaml = Files.newInputStream(Path.of("../../crds", kind + ".podwork.dev.yaml"))) {
                server.expectCustomResource(CustomResourceDefinitionContext.fromCrd(
                        Serialization.unmarshal(yaml, CustomResourceDefinition.class)));
            }
        }
    }

    @Test
    void aJobRunsToItsResult() {
        try (TestOperator operator = new TestOperator(client, "test", Clock.systemUTC())) {
            operator.ready(Manifests.pythonWorker("test", "worker", "def handler(job, ctx): return 42"));
            Job job = operator.create(Manifests.jobOf("test", "laptop", "worker"));
            Pod pod = operator.pod(job);
            Attempt attempt = operator.attempt(job, pod.getMetadata().getUid());
            assertThat(attempt.execute().at("/job/data")).isEqualTo(IntNode.valueOf(1));
            assertThat(attempt.over()).isFalse();
            operator.started(attempt.key());
            operator.awaitStatus(job, status -> status.phase() == Phase.RUNNING);
            operator.ended(attempt.key(), 2, IntNode.valueOf(42));
            await().until(() -> operator.recorded.stream().anyMatch(TestOperator.Recorded::over));

            JobStatus status = operator.statusOf(job);
            assertThat(status.phase()).isEqualTo(Phase.SUCCEEDED);
            assertThat(status.result()).isEqualTo(IntNode.valueOf(42));
            assertThat(operator.attempt(job, pod.getMetadata().getUid()).over()).isTrue();
            assertThat(operator.controllers.attempts().size()).isZero();
            assertThat(operator.eventsOf(job)).isEmpty();
        }
    }
}
