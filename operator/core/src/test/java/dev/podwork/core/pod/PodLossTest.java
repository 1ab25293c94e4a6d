package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody's worker is to blame for, as the control plane and the kubelet word it. */
class PodLossTest {

    /** Evicted by the kubelet, refused by it after the scheduler had let the pod in, ended with its node. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Evicted",
                "Preempting",
                "UnexpectedAdmissionError",
                "OutOfcpu",
                "OutOfmemory",
                "OutOfpods",
                "NodeAffinity",
                "NodeShutdown",
                "Terminated",
                "NodeLost"
            })
    void aPodThatTheKubeletEndsIsLost(String reason) {
        assertThat(ending(new PodStatusBuilder()
                        .withPhase("Failed")
                        .withReason(reason)
                        .withMessage("its words")))
                .satisfies(ending -> {
                    assertThat(ending.reason()).isEqualTo(Reasons.POD_LOST);
                    assertThat(ending.message())
                            .isEqualTo("Pod p was lost before the job ended: %s: its words".formatted(reason));
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PreemptionByScheduler",
                "DeletionByTaintManager",
                "EvictionByEvictionAPI",
                "DeletionByPodGC",
                "TerminationByKubelet"
            })
    void soIsOneThatTheControlPlaneDisrupts(String reason) {
        assertThat(ending(new PodStatusBuilder()
                        .withPhase("Failed")
                        .addNewCondition()
                        .withType("DisruptionTarget")
                        .withStatus("True")
                        .withReason(reason)
                        .withMessage("its words")
                        .endCondition()))
                .satisfies(ending -> {
                    assertThat(ending.reason()).isEqualTo(Reasons.POD_LOST);
                    assertThat(ending.message()).contains(reason, "its words");
                });
    }

    @Test
    void theKubeletsDeadlineIsATimeLimit() {
        assertThat(ending(new PodStatusBuilder().withPhase("Failed").withReason("DeadlineExceeded")))
                .satisfies(ending -> {
                    assertThat(ending.reason()).isEqualTo(Reasons.ATTEMPT_TIMEOUT);
                    assertThat(ending.message())
                            .isEqualTo(
                                    "The kubelet ended pod p at its deadline of 420 s, which is beyond all limits; no"
                                            + " operator was there to end it sooner");
                });
    }

    /** Also when its worker heeds SIGTERM and exits as it likes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 143})
    void whateverTheWorkerMadeOfIt(int exitCode) {
        assertThat(ending(new PodStatusBuilder()
                                .withPhase("Failed")
                                .withReason("DeadlineExceeded")
                                .addNewContainerStatus()
                                .withName("worker")
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(exitCode)
                                .withMessage("{\"code\":%d}".formatted(exitCode))
                                .endTerminated()
                                .endState()
                                .endContainerStatus())
                        .reason())
                .isEqualTo(Reasons.ATTEMPT_TIMEOUT);
    }

    /** With its sandbox, or while the kubelet was away. */
    @Test
    void aContainerThatTheKubeletHasLostIsNoFailureOfTheWorkers() {
        assertThat(ending(new PodStatusBuilder()
                        .withPhase("Failed")
                        .addNewContainerStatus()
                        .withName("worker")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(137)
                        .withReason("ContainerStatusUnknown")
                        .withMessage("The container could not be located when the pod was terminated")
                        .endTerminated()
                        .endState()
                        .endContainerStatus()))
                .satisfies(ending -> {
                    assertThat(ending.reason()).isEqualTo(Reasons.POD_LOST);
                    assertThat(ending.message()).contains("could not be located");
                });
    }

    @Test
    void aDeletedPodCountsAsGoneHalfAMinuteAfterItsGracePeriod() {
        Pod deleted = new PodBuilder(pod(new PodStatusBuilder()))
                .editMetadata()
                .withDeletionTimestamp("2026-05-01T10:00:30Z")
                .endMetadata()
                .build();

        assertThat(PodLoss.presumedGone(deleted)).contains(Instant.parse("2026-05-01T10:01:00Z"));
        assertThat(PodLoss.reason(deleted)).contains("Pod p was deleted before the job ended");
        assertThat(PodLoss.presumedGone(pod(new PodStatusBuilder()))).isEmpty();
    }

    private static Classification ending(PodStatusBuilder status) {
        return PodEnd.of(pod(status)).orElseThrow().classification();
    }

    private static Pod pod(PodStatusBuilder status) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withNewSpec()
                .withActiveDeadlineSeconds(420L)
                .endSpec()
                .withStatus(status.build())
                .build();
    }
}
