package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.attempt.EndGrace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrimmedPodTest {

    private static final Pod POD = new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .withNamespace("ns")
            .withUid("uid")
            .withResourceVersion("7")
            .withCreationTimestamp("2026-05-01T10:00:00Z")
            .withLabels(Map.of("podwork.dev/job", "j"))
            .addNewOwnerReference()
            .withController(true)
            .withUid("j-uid")
            .endOwnerReference()
            .addNewManagedField()
            .withManager("kubelet".repeat(100))
            .endManagedField()
            .endMetadata()
            .withNewSpec()
            .withNodeName("n1")
            .withTerminationGracePeriodSeconds(7L)
            .addNewContainer()
            .withName("worker")
            .withImage("i".repeat(1000))
            .endContainer()
            .addNewVolume()
            .withName("podwork-source")
            .withNewConfigMap()
            .withName("w-source-1")
            .endConfigMap()
            .endVolume()
            .endSpec()
            .withNewStatus()
            .withPhase("Failed")
            .withReason("Evicted")
            .withMessage("low on memory")
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .endCondition()
            .addNewCondition()
            .withType("Ready")
            .endCondition()
            .addNewContainerStatus()
            .withName("worker")
            .withImageID("i".repeat(1000))
            .withNewState()
            .withNewTerminated()
            .withExitCode(7)
            .endTerminated()
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();

    @Test
    void decisionsFindAllThatTheyReadInIt() {
        Pod trimmed = TrimmedPod.of(POD);

        assertThat(PodSignals.of(trimmed)).isEqualTo(PodSignals.of(POD));
        assertThat(EndGrace.of(trimmed).termination()).hasSeconds(7);
        assertThat(PodSignals.sourceConfigMaps(trimmed)).containsExactly("w-source-1");
        assertThat(trimmed.getMetadata().getOwnerReferences())
                .isEqualTo(POD.getMetadata().getOwnerReferences());
        assertThat(trimmed.getMetadata().getLabels())
                .isEqualTo(POD.getMetadata().getLabels());
        assertThat(trimmed.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    @Test
    void theRestIsGone() {
        assertThat(Serialization.asJson(TrimmedPod.of(POD)))
                .hasSizeLessThan(800)
                .doesNotContain("iiii", "kubelet");
    }

    @Test
    void aPodWithNothingInItIsFine() {
        Pod bare =
                new PodBuilder().withNewMetadata().withName("p").endMetadata().build();

        assertThat(PodSignals.of(TrimmedPod.of(bare))).isEqualTo(PodSignals.of(bare));
    }
}
