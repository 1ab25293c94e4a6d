package dev.podwork.controller.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.controller.testing.Manifests;
import dev.podwork.core.source.SourceConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class SourceConfigMapsTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    // Set by the extension.
    @SuppressWarnings("NullAway.Init")
    KubernetesClient client;

    private final Set<String> inUse = new HashSet<>();

    @Test
    void supersededOnesGoAfterAMinuteUnlessAPodHasThem() {
        SourceConfigMaps sources = new SourceConfigMaps(client, definition -> inUse);
        String first = delivered(sources, definition("uid-1", "print(1)"));
        String second = delivered(sources, definition("uid-1", "print(2)"));
        String current = delivered(sources, definition("uid-1", "print(3)"));
        String another = delivered(sources, definition("uid-2", "print(4)"));
        inUse.add(first);

        WorkerDefinition definition = definition("uid-1", "print(3)");
        assertThat(sources.sweep(definition, Set.of(current), NOW)).contains(NOW.plusSeconds(60));
        assertThat(sources.sweep(definition, Set.of(current), NOW.plusSeconds(59)))
                .isPresent();
        assertThat(exists(second)).isTrue();

        assertThat(sources.sweep(definition, Set.of(current), NOW.plusSeconds(60)))
                .isPresent();
        assertThat(exists(second)).isFalse();
        assertThat(exists(first)).isTrue();

        inUse.clear();
        assertThat(sources.sweep(definition, Set.of(current), NOW.plusSeconds(120)))
                .isEmpty();
        assertThat(exists(first)).isFalse();
        assertThat(exists(current)).isTrue();
        assertThat(exists(another)).isTrue();
    }

    @Test
    void theSameCodeIsDeliveredOnce() {
        SourceConfigMaps sources = new SourceConfigMaps(client, definition -> inUse);
        String name = delivered(sources, definition("uid-1", "print(1)"));

        assertThat(delivered(sources, definition("uid-1", "print(1)"))).isEqualTo(name);
    }

    @Test
    void oneThatIsAboutToBeCollectedIsNotTakenForTheNewDefinitions() {
        SourceConfigMaps sources = new SourceConfigMaps(client, definition -> inUse);
        delivered(sources, definition("uid-of-a-deleted-one", "print(1)"));

        assertThatThrownBy(() -> delivered(sources, definition("uid-1", "print(1)")))
                .isInstanceOf(KubernetesClientException.class);
    }

    private static WorkerDefinition definition(String uid, String code) {
        WorkerDefinition definition = Manifests.pythonWorker("test", "worker", code);
        definition.getMetadata().setUid(uid);
        return definition;
    }

    private static String delivered(SourceConfigMaps sources, WorkerDefinition definition) {
        ConfigMap wanted = SourceConfigMap.of(definition).orElseThrow();
        sources.ensure(wanted);
        return wanted.getMetadata().getName();
    }

    private boolean exists(String name) {
        return client.configMaps().inNamespace("test").withName(name).get() != null;
    }
}
