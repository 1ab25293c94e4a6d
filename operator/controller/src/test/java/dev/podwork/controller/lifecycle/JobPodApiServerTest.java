package dev.podwork.controller.lifecycle;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.pythonWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job and the pod that is its own, or seems to be. The kubelet and the session with the pod are played. */
class JobPodApiServerTest extends OperatorApiServerTest {

    JobPodApiServerTest(KubernetesClient client) {
        super(client);
        operator.ready(imageWorker(operator.namespace, "worker"));
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
