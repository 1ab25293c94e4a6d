package dev.podwork.controller.worker;

import static dev.podwork.controller.testing.Manifests.configMapWorker;
import static dev.podwork.controller.testing.Manifests.jobOf;
import static dev.podwork.controller.testing.Manifests.pythonWorker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.controller.testing.ApiServer;
import dev.podwork.controller.testing.TestOperator;
import dev.podwork.core.pod.PodSignals;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Definitions, their readiness and their code, on a real API server. */
@Tag("apiserver")
@ExtendWith(ApiServer.class)
class WorkerDefinitionApiServerTest {

    private final KubernetesClient client;
    private final TestOperator operator;

    WorkerDefinitionApiServerTest(KubernetesClient client) {
        this.client = client;
        operator = new TestOperator(client, ApiServer.namespace(client, Map.of()), Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        operator.close();
    }

    @Test
    void inlineCodeIsInAnImmutableConfigMapThatGoesWithItsDefinition() {
        WorkerDefinition ready = operator.ready(pythonWorker(operator.namespace, "inline", "print(1)"));

        assertThat(ready.getStatus()).isNotNull();
        ConfigMap source = configMap(ready.getStatus().sourceConfigMap());
        assertThat(source.getMetadata().getName()).matches("inline-source-[0-9a-f]{10}");
        assertThat(source.getImmutable()).isTrue();
        assertThat(source.getData()).isEqualTo(Map.of("worker.py", "print(1)"));
        assertThat(source.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner ->
                        assertThat(owner.getUid()).isEqualTo(ready.getMetadata().getUid()));
    }

    @Test
    void changedCodeIsAnotherConfigMapAndRunningPodsKeepTheirs() {
        WorkerDefinition first = operator.ready(pythonWorker(operator.namespace, "changing", "print(1)"));
        Pod pod = operator.pod(operator.create(jobOf(operator.namespace, "runs-the-first", "changing")));
        WorkerDefinition second = changed(first, "print(2)");

        assertThat(second.getStatus()).isNotNull();
        assertThat(configMap(second.getStatus().sourceConfigMap()).getData()).containsValue("print(2)");
        assertThat(PodSignals.sourceConfigMaps(pod))
                .singleElement()
                .satisfies(name -> assertThat(configMap(name).getData()).containsValue("print(1)"));
    }

    @Test
    void aMissingConfigMapIsNamedAndLookedForAgain() {
        WorkerDefinition definition = client.resource(
                        configMapWorker(operator.namespace, "waiting", "code", "handler.py"))
                .create();
        Condition ready = awaitReady(definition, "False");
        assertThat(ready.getReason()).isEqualTo(Readiness.SOURCE_NOT_FOUND);
        assertThat(ready.getMessage()).contains("ConfigMap code");

        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("code")
                        .withNamespace(operator.namespace)
                        .endMetadata()
                        .withData(Map.of("handler.py", "print(1)"))
                        .build())
                .create();
        assertThat(awaitReady(definition, "True").getReason()).isEqualTo(Readiness.VALID);
    }

    private WorkerDefinition changed(WorkerDefinition definition, String code) {
        client.resource(definition).edit(now -> {
            WorkerDefinitionSpec spec = now.getSpec();
            now.setSpec(spec.withSource(new Source(code, null, null)));
            return now;
        });
        return await().until(
                        () -> client.resource(definition).get(),
                        now -> now.getStatus() != null
                                && now.getMetadata()
                                        .getGeneration()
                                        .equals(now.getStatus().observedGeneration()));
    }

    private Condition awaitReady(WorkerDefinition definition, String status) {
        return await().atMost(Duration.ofSeconds(15))
                .until(
                        () -> client.resource(definition).get(),
                        now -> now.getStatus() != null
                                && now.getStatus()
                                        .conditions()
                                        .get(0)
                                        .getStatus()
                                        .equals(status))
                .getStatus()
                .conditions()
                .get(0);
    }

    private ConfigMap configMap(@Nullable String name) {
        return client.configMaps()
                .inNamespace(operator.namespace)
                .withName(name)
                .get();
    }
}
