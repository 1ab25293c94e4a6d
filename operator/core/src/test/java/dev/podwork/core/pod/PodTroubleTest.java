package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodTroubleTest {

    @ParameterizedTest
    @CsvSource({
        "ErrImagePull,ImageNotAvailable,false",
        "ImagePullBackOff,ImageNotAvailable,true",
        "InvalidImageName,ImageNotAvailable,false",
        "ErrImageNeverPull,ImageNotAvailable,false",
        "CreateContainerConfigError,Starting,false",
        "CrashLoopBackOff,Starting,false"
    })
    void whatAContainerWaitsFor(String waiting, String reason, boolean passing) {
        assertThat(PodTrouble.of(pod(waiting("relay", waiting, "the words"))))
                .contains(new PodTrouble(reason, "Container relay: %s: the words".formatted(waiting), passing));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ContainerCreating", "PodInitializing"})
    void anOrdinaryStartIsNone(String waiting) {
        assertThat(PodTrouble.of(pod(waiting("worker", waiting, null)))).isEmpty();
    }

    @Test
    void aReasonWithoutWordsIsEnough() {
        assertThat(PodTrouble.of(pod(waiting("worker", "InvalidImageName", null))))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble.message()).isEqualTo("Container worker: InvalidImageName"));
    }

    private static ContainerStatus waiting(String name, String reason, @Nullable String message) {
        return new ContainerStatusBuilder()
                .withName(name)
                .withNewState()
                .withNewWaiting()
                .withReason(reason)
                .withMessage(message)
                .endWaiting()
                .endState()
                .build();
    }

    private static Pod pod(ContainerStatus init) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewStatus()
                .withPhase("Pending")
                .withInitContainerStatuses(init)
                .endStatus()
                .build();
    }
}
