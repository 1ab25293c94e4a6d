package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.MemoryRaise;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RaisedMemoryTest {

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
                    256Mi, -,     -,   4Gi,  512Mi
                    256Mi, 512Mi, -,   4Gi,  1024Mi
                    256Mi, 3Gi,   -,   4Gi,  4096Mi
                    256Mi, 4Gi,   -,   4Gi,  -
                    1Gi,   512Mi, 2,   4Gi,  2048Mi
                    100Mi, -,     1.5, 1Gi,  150Mi
                    8Gi,   -,     -,   4Gi,  -
                    1G,    -,     -,   4G,   1907Mi
                    -,     -,     -,   4Gi,  -
                    256Mi, -,     -,   much, -
                    """)
    void growsByTheFactorUpToTheMost(
            @Nullable String limit,
            @Nullable String before,
            @Nullable Double factor,
            String max,
            @Nullable String next) {
        assertThat(RaisedMemory.next(new MemoryRaise(factor, max), before, worker(limit)))
                .isEqualTo(Optional.ofNullable(next));
    }

    @Test
    void aDefinitionThatIsGoneHasNoLimit() {
        assertThat(RaisedMemory.next(new MemoryRaise(null, "4Gi"), null, null)).isEmpty();
        assertThat(RaisedMemory.next(new MemoryRaise(null, "4Gi"), "1Gi", null)).contains("2048Mi");
    }

    @Test
    void limitAndRequestAreRaisedAndNothingElse() {
        ResourceRequirements own = new ResourceRequirementsBuilder()
                .addToLimits("memory", new Quantity("256Mi"))
                .addToLimits("cpu", new Quantity("1"))
                .addToRequests("memory", new Quantity("64Mi"))
                .build();

        ResourceRequirements raised = Objects.requireNonNull(RaisedMemory.applied(own, "512Mi"));
        assertThat(raised.getLimits())
                .containsEntry("memory", new Quantity("512Mi"))
                .containsEntry("cpu", new Quantity("1"));
        assertThat(raised.getRequests()).containsOnlyKeys("memory").containsEntry("memory", new Quantity("512Mi"));
        assertThat(own.getLimits()).containsEntry("memory", new Quantity("256Mi"));
    }

    @Test
    void aDefinitionThatHasMoreNowKeepsIt() {
        ResourceRequirements own = new ResourceRequirementsBuilder()
                .addToLimits("memory", new Quantity("2Gi"))
                .build();

        assertThat(RaisedMemory.applied(own, "512Mi")).isEqualTo(own);
        assertThat(RaisedMemory.applied(own, null)).isEqualTo(own);
        assertThat(RaisedMemory.applied(null, "512Mi")).isNull();
    }

    private static WorkerDefinition worker(@Nullable String limit) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setSpec(Serialization.unmarshal(
                limit == null
                        ? "---\n{runtime: image}"
                        : "---\n{runtime: image, template: {spec: {containers: [{name: worker, resources: {limits: {memory: %s}}}]}}}"
                                .formatted(limit),
                WorkerDefinitionSpec.class));
        return definition;
    }
}
