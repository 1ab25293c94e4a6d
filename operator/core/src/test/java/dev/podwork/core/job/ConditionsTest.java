package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {

    private static final Instant FIRST = Instant.parse("2026-05-01T10:00:00.9Z");

    @Test
    void theTimeOfTheLastTransitionStaysWhileTheStatusDoes() {
        Condition first = new Conditions(List.of(), FIRST).isTrue("Reconciling", "Starting", "a");
        Condition second = new Conditions(List.of(first), FIRST.plusSeconds(5)).isTrue("Reconciling", "Running", "b");

        assertThat(first.getLastTransitionTime()).isEqualTo("2026-05-01T10:00:00Z");
        assertThat(second.getLastTransitionTime()).isEqualTo(first.getLastTransitionTime());
        assertThat(second.getReason()).isEqualTo("Running");
    }

    @Test
    void oneThatWasFalseIsTrueSinceNow() {
        Condition before = new ConditionBuilder()
                .withType("Reconciling")
                .withStatus("False")
                .withLastTransitionTime("2026-05-01T09:00:00Z")
                .build();

        assertThat(new Conditions(List.of(before), FIRST)
                        .isTrue("Reconciling", "Starting", "a")
                        .getLastTransitionTime())
                .isEqualTo("2026-05-01T10:00:00Z");
    }
}
