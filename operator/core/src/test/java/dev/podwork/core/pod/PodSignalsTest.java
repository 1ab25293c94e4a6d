package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class PodSignalsTest {

    private static final Pod EVICTED = new PodBuilder()
            .withNewMetadata()
            .withName("a-1")
            .endMetadata()
            .withNewSpec()
            .withNodeName("n2")
            .endSpec()
            .withNewStatus()
            .withPhase("Running")
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("DeletionByTaintManager")
            .endCondition()
            .endStatus()
            .build();

    /** Kubernetes says first why, and deletes the pod then; where its node is gone, nothing more ever comes. */
    @Test
    void thatAnEvictedPodIsDeletedIsNews() {
        Pod deleted = new PodBuilder(EVICTED)
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:05Z")
                .endMetadata()
                .build();

        assertThat(PodSignals.of(deleted)).isNotEqualTo(PodSignals.of(EVICTED));
    }

    @Test
    void whatNoDecisionReadsIsNoNews() {
        Pod labelled = new PodBuilder(EVICTED)
                .editMetadata()
                .addToLabels("a", "b")
                .endMetadata()
                .build();

        assertThat(PodSignals.of(labelled)).isEqualTo(PodSignals.of(EVICTED));
    }
}
