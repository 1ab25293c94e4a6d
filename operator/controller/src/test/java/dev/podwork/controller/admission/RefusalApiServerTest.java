package dev.podwork.controller.admission;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.limitedWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.OperatorApiServerTest;
import dev.podwork.controller.testing.Requests;
import dev.podwork.core.attempt.AttemptKey;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pods that a real API server does not let in, and the jobs that wait for that. */
class RefusalApiServerTest extends OperatorApiServerTest {

    /** Stands for any webhook: it refuses one pod by its name, for ever. */
    private static final String POLICY = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata:
              name: no-poison
            spec:
              failurePolicy: Fail
              matchConstraints:
                resourceRules:
                  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}
              validations:
                - {expression: "object.metadata.name != 'poison-1'", message: poison is not let in}
            """;

    private static final String BINDING = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata:
              name: no-poison
            spec:
              policyName: no-poison
              validationActions: [Deny]
            """;

    RefusalApiServerTest(KubernetesClient client) {
        super(client);
    }

    @Test
    void manyJobsThatAQuotaKeepsOutAskOneAtATime() throws InterruptedException {
        ResourceQuota quota = client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("two-pods")
                        .withNamespace(operator.namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity("2")))
                        .endSpec()
                        .build())
                .create();
        used(quota, 0);
        operator.ready(imageWorker(operator.namespace, "worker"));
        List<Job> jobs = IntStream.range(0, 20)
                .mapToObj(i -> operator.create(jobOf(operator.namespace, "j" + (char) ('a' + i), "worker")))
                .toList();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> jobs.stream()
                                .map(operator::statusOf)
                                .filter(status -> Reasons.POD_REFUSED.equals(status.reason()))
                                .count()
                        == 18);
        assertThat(jobs).filteredOn(this::isRefused).allSatisfy(job -> {
            JobStatus status = operator.statusOf(job);
            assertThat(status.phase()).isEqualTo(Phase.QUEUED);
            assertThat(status.message()).contains("exceeded quota: two-pods", "limited: pods=2");
        });

        Requests before = Requests.now(client);
        Thread.sleep(4000);
        Map<String, Long> requests = Requests.now(client).since(before);
        assertThat(requests.getOrDefault("POST pods", 0L))
                .as("pods asked for in 4 s")
                .isLessThanOrEqualTo(3);
        assertThat(requests.getOrDefault("PUT jobs/status", 0L)).isLessThanOrEqualTo(3);

        used(quota, 1);
        await().atMost(Duration.ofSeconds(40))
                .until(() -> jobs.stream().filter(this::isRefused).count() == 17);
    }

    @Test
    void aJobThatIsAlwaysRefusedDoesNotKeepItsWorkersOthersFromStarting() {
        client.resource(POLICY).create();
        client.resource(BINDING).create();
        try {
            await().atMost(Duration.ofSeconds(30)).until(this::policyWorks);
            operator.ready(limitedWorker(operator.namespace, "worker", 1));
            Job poison = operator.create(jobOf(operator.namespace, "poison", "worker"));
            assertThat(operator.awaitStatus(poison, status -> Reasons.POD_REFUSED.equals(status.reason()))
                            .message())
                    .contains("poison is not let in");
            for (String name : List.of("fine", "good")) {
                Job job = operator.create(jobOf(operator.namespace, name, "worker"));
                AttemptKey key = operator.attempt(
                                job, operator.pod(job).getMetadata().getUid())
                        .key();
                operator.ended(key, 1, IntNode.valueOf(1));
                operator.awaitStatus(job, status -> status.phase() == Phase.SUCCEEDED);
            }
            assertThat(operator.statusOf(poison).phase()).isEqualTo(Phase.QUEUED);
        } finally {
            client.resource(BINDING).delete();
            client.resource(POLICY).delete();
        }
    }

    private boolean isRefused(Job job) {
        return Reasons.POD_REFUSED.equals(operator.statusOf(job).reason())
                && client.pods()
                                .inNamespace(operator.namespace)
                                .withName(job.getMetadata().getName() + "-1")
                                .get()
                        == null;
    }

    private boolean policyWorks() {
        try {
            client.resource(new PodBuilder()
                            .withNewMetadata()
                            .withName("poison-1")
                            .withNamespace(operator.namespace)
                            .endMetadata()
                            .withNewSpec()
                            .addNewContainer()
                            .withName("c")
                            .withImage("i")
                            .endContainer()
                            .endSpec()
                            .build())
                    .dryRun()
                    .create();
            return false;
        } catch (KubernetesClientException refused) {
            return String.valueOf(refused.getMessage()).contains("poison is not let in");
        }
    }

    /** Writes what the quota controller would, and admission goes by. */
    private void used(ResourceQuota quota, int pods) {
        client.resourceQuotas()
                .inNamespace(operator.namespace)
                .withName(quota.getMetadata().getName())
                .editStatus(now -> {
                    now.setStatus(new ResourceQuotaStatusBuilder()
                            .withHard(quota.getSpec().getHard())
                            .withUsed(Map.of("pods", new Quantity(Integer.toString(pods))))
                            .build());
                    return now;
                });
    }
}
