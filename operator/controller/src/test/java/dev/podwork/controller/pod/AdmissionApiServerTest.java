package dev.podwork.controller.pod;

import static dev.podwork.controller.testing.Manifests.imageWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.pythonWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.controller.testing.ApiServer;
import dev.podwork.controller.testing.TestOperator;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuotaStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real API server's admission says to the pods that are made. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class AdmissionApiServerTest {

    private final KubernetesClient client;

    AdmissionApiServerTest(KubernetesClient client) {
        this.client = client;
    }

    @Test
    void restrictedPodSecurityLetsThePodsIn() {
        String namespace = ApiServer.namespace(client, Map.of("pod-security.kubernetes.io/enforce", "restricted"));
        try (TestOperator operator = new TestOperator(client, namespace, Clock.systemUTC())) {
            operator.ready(imageWorker(namespace, "image"));
            operator.ready(pythonWorker(namespace, "python", "def handler(job, ctx): pass"));
            assertThat(operator.pod(operator.create(jobOf(namespace, "an-image", "image"))))
                    .isNotNull();
            assertThat(operator.pod(operator.create(jobOf(namespace, "a-python", "python"))))
                    .isNotNull();
        }
    }

    @Test
    void aQuotaIsWaitedForInTheApiServersOwnWords() {
        String namespace = ApiServer.namespace(client, Map.of());
        ResourceQuota quota = client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("no-pods")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of("pods", new Quantity("0")))
                        .endSpec()
                        .build())
                .create();
        countedAs(quota, "0");
        try (TestOperator operator = new TestOperator(client, namespace, Clock.systemUTC())) {
            operator.ready(imageWorker(namespace, "worker"));
            Job job = operator.create(jobOf(namespace, "refused", "worker"));
            JobStatus refused = operator.awaitStatus(job, status -> Reasons.POD_REFUSED.equals(status.reason()));
            assertThat(refused.phase()).isEqualTo(Phase.QUEUED);
            assertThat(refused.message()).contains("refused the pod", "exceeded quota: no-pods", "limited: pods=0");
            assertThat(refused.worker()).isEqualTo("worker");
            assertThat(operator.eventsOf(job))
                    .singleElement()
                    .satisfies(event -> assertThat(event.getMessage()).isEqualTo(refused.message()));

            countedAs(quota, "5");
            await().atMost(Duration.ofSeconds(30)).until(() -> operator.pod(job) != null);
        }
    }

    /** Writes what the quota controller would, and admission goes by. */
    private void countedAs(ResourceQuota quota, String pods) {
        client.resourceQuotas()
                .inNamespace(quota.getMetadata().getNamespace())
                .withName(quota.getMetadata().getName())
                .editStatus(now -> {
                    now.setStatus(new ResourceQuotaStatusBuilder()
                            .withHard(Map.of("pods", new Quantity(pods)))
                            .withUsed(Map.of("pods", new Quantity("0")))
                            .build());
                    return now;
                });
    }
}
