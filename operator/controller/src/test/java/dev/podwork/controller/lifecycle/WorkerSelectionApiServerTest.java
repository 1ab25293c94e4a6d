package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.configMapWorker;
import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.jobOfType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.TestOperator;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Jobs whose definition is not there, or not ready. The kubelet and the session with the pod are played. */
class WorkerSelectionApiServerTest extends OperatorApiServerTest {

    WorkerSelectionApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
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
}
