package dev.podwork.core.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.worker.ConfigMapSource;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import dev.podwork.core.ownership.Ownership;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceConfigMapTest {

    @Test
    void theNameFollowsTheCode() {
        String name = nameOf(new Source("print(1)", null, null));

        assertThat(name).matches("w-source-[0-9a-f]{10}");
        assertThat(nameOf(new Source("print(1)", null, null))).isEqualTo(name);
        assertThat(nameOf(new Source("print(2)", null, null))).isNotEqualTo(name);
        assertThat(nameOf(new Source("print(1)", null, "other.py"))).isNotEqualTo(name);
    }

    @Test
    void theCodeIsAFileThatNobodyChanges() {
        ConfigMap configMap = SourceConfigMap.of(definition(WorkerRuntime.NODE, new Source("1", null, null)))
                .orElseThrow();

        assertThat(configMap.getData()).isEqualTo(Map.of("worker.mjs", "1"));
        assertThat(configMap.getImmutable()).isTrue();
        assertThat(Ownership.isControlledBy(configMap, definition(WorkerRuntime.NODE, null)))
                .isTrue();
    }

    @Test
    void codeThatIsNotInlineNeedsNone() {
        assertThat(SourceConfigMap.of(definition(WorkerRuntime.PYTHON, new Source(null, null, "a.py"))))
                .isEmpty();
        assertThat(SourceConfigMap.of(
                        definition(WorkerRuntime.PYTHON, new Source(null, new ConfigMapSource("mine"), "a.py"))))
                .isEmpty();
        assertThat(SourceConfigMap.of(definition(WorkerRuntime.IMAGE, null))).isEmpty();
    }

    private static String nameOf(Source source) {
        return SourceConfigMap.of(definition(WorkerRuntime.PYTHON, source))
                .orElseThrow()
                .getMetadata()
                .getName();
    }

    private static WorkerDefinition definition(WorkerRuntime runtime, @Nullable Source source) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(new ObjectMetaBuilder()
                .withName("w")
                .withNamespace("ns")
                .withUid("w-uid")
                .build());
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(runtime)
                .source(source)
                .build());
        return definition;
    }
}
