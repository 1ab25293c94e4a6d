package dev.podwork.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerRevisionTest {

    private static final String SPEC =
            "runtime: python, source: {inline: a}, template: {spec: {nodeSelector: {a: b, c: d}}}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "template: {spec: {nodeSelector: {c: d, a: b}}}, source: {inline: a}, runtime: python",
                SPEC + ", concurrency: 3, taskTypes: [t]",
                SPEC + ", timeouts: {attempt: 1m}, retry: {attempts: 3}",
            })
    void theSamePodsAreTheSameRevision(String spec) {
        assertThat(revision(spec)).isEqualTo(revision(SPEC));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runtime: python, source: {inline: b}, template: {spec: {nodeSelector: {a: b, c: d}}}",
                "runtime: python, source: {inline: a}, template: {spec: {nodeSelector: {a: b, c: e}}}",
                "runtime: node, source: {inline: a}, template: {spec: {nodeSelector: {a: b, c: d}}}",
                SPEC + ", image: mine",
                SPEC + ", args: [x]",
            })
    void otherPodsAreAnother(String spec) {
        assertThat(revision(spec)).isNotEqualTo(revision(SPEC));
    }

    @Test
    void itCanBeALabel() {
        assertThat(revision(SPEC)).matches("[0-9a-f]{10}");
    }

    private static String revision(String spec) {
        return WorkerRevision.of(Serialization.unmarshal("---\n{" + spec + "}", WorkerDefinitionSpec.class));
    }
}
