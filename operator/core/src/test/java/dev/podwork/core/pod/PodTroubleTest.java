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
        "ErrImagePull,ImageNotAvailable,OPEN",
        "ImagePullBackOff,ImageNotAvailable,TRIED_AGAIN",
        "RegistryUnavailable,ImageNotAvailable,OPEN",
        "InvalidImageName,ImageNotAvailable,HOPELESS",
        "ErrImageNeverPull,ImageNotAvailable,HOPELESS",
        "CreateContainerConfigError,ContainerNotCreated,OPEN",
        "CreateContainerError,ContainerNotCreated,OPEN",
        "RunContainerError,Starting,OPEN",
        "CrashLoopBackOff,Starting,OPEN"
    })
    void whatAContainerWaitsFor(String waiting, String reason, PodTrouble.Outlook outlook) {
        assertThat(PodTrouble.of(pod(waiting("relay", waiting, "the words"))))
                .contains(new PodTrouble(reason, "Container relay: %s: the words".formatted(waiting), outlook));
    }

    @Test
    void theImageIsNamed() {
        ContainerStatus pulling = waiting("worker", "ErrImagePull", "not found");
        pulling.setImage("example.org/w:1");

        assertThat(PodTrouble.of(pod(pulling)))
                .hasValueSatisfying(trouble -> assertThat(trouble.message())
                        .isEqualTo("Container worker, image example.org/w:1: ErrImagePull: not found"));
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
