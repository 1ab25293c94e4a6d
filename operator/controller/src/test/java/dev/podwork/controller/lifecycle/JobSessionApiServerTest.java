package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.Requests;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of a session when its operator or its job goes. The kubelet and the session with the pod are played. */
class JobSessionApiServerTest extends OperatorApiServerTest {

    JobSessionApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
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
}
