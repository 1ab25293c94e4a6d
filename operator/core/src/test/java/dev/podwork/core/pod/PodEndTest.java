package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodEndTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "0  |Completed         |-                                           |ExitedWithoutResult|false",
                "7  |Error             |-                                           |NonZeroExit        |false",
                "137|Error             |-                                           |Signalled          |false",
                "137|OOMKilled         |-                                           |OutOfMemory        |false",
                "1  |Error             |{\"code\":1,\"oomKilled\":true}             |OutOfMemory        |false",
                "137|OOMKilled         |{\"code\":137,\"signal\":\"SIGKILL\"}       |OutOfMemory        |false",
                "7  |Error             |{\"code\":7}                                |NonZeroExit        |false",
                "7  |Error             |not a shim's                                |NonZeroExit        |false",
                "126|Error             |{\"code\":126,\"error\":\"permission denied\"}|CommandNotFound  |true",
                "128|StartError        |exec: \"/podwork/podwork-relay\": no such file|CommandNotFound  |true",
                "128|ContainerCannotRun|exec format error                           |CommandNotFound    |true",
                "128|ContainerCannotRun|-                                           |PodLost            |true",
                "128|StartError        |failed to create shim task: context canceled|PodLost            |true",
                "0  |Completed         |{\"code\":0,\"response\":{\"result\":1}}    |Succeeded          |false",
                "1  |Error             |{\"code\":1,\"response\":{\"error\":{}}}    |WorkerError        |false"
            })
    void aTerminatedWorker(int exitCode, String reason, @Nullable String message, String classified, boolean certain) {
        assertThat(PodEnd.of(terminated(exitCode, reason, message))).hasValueSatisfying(end -> {
            assertThat(end.classification().reason()).isEqualTo(classified);
            assertThat(end.certain()).isEqualTo(certain);
        });
    }

    @Test
    void theSignalIsNamedFromTheExitCode() {
        assertThat(PodEnd.of(terminated(139, "Error", null)))
                .hasValueSatisfying(
                        end -> assertThat(end.classification().signal()).isEqualTo("SIGSEGV"));
    }

    @Test
    void aWorkerKilledWithItsPodIsALostPod() {
        Pod evicted = new PodBuilder(terminated(137, "Error", null))
                .editStatus()
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .withReason("TerminationByKubelet")
                .withMessage("Preempted in order to admit critical pod")
                .endCondition()
                .endStatus()
                .build();

        assertThat(PodEnd.of(evicted)).hasValueSatisfying(end -> {
            assertThat(end.classification().reason()).isEqualTo(Reasons.POD_LOST);
            assertThat(end.classification().message()).contains("TerminationByKubelet", "critical pod");
        });
    }

    @Test
    void aWorkerThatFailedByItselfIsNotThoughItsPodIsDeletedToo() {
        Pod deleted = new PodBuilder(terminated(7, "Error", "{\"code\":7}"))
                .editMetadata()
                .withDeletionTimestamp("2026-05-01T10:00:00Z")
                .endMetadata()
                .build();

        assertThat(PodEnd.of(deleted))
                .hasValueSatisfying(
                        end -> assertThat(end.classification().reason()).isEqualTo(Reasons.NON_ZERO_EXIT));
    }

    @Test
    void aFailedInitContainerIsNamed() {
        Pod failed = pod(new PodStatusBuilder()
                .withPhase("Failed")
                .withInitContainerStatuses(new ContainerStatusBuilder()
                        .withName("fetch")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(3)
                        .endTerminated()
                        .endState()
                        .build()));

        assertThat(PodEnd.of(failed)).hasValueSatisfying(end -> {
            assertThat(end.certain()).isTrue();
            assertThat(end.classification().message()).contains("Init container fetch exited with code 3");
        });
    }

    @Test
    void aPodThatRunsHasNotEnded() {
        assertThat(PodEnd.of(pod(new PodStatusBuilder().withPhase("Running")))).isEmpty();
        assertThat(PodEnd.of(new PodBuilder().withNewMetadata().endMetadata().build()))
                .isEmpty();
    }

    private static Pod terminated(int exitCode, String reason, @Nullable String message) {
        return pod(new PodStatusBuilder()
                .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("worker")
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withReason(reason)
                        .withMessage(message)
                        .endTerminated()
                        .endState()
                        .build()));
    }

    private static Pod pod(PodStatusBuilder status) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .endMetadata()
                .withStatus(status.build())
                .build();
    }
}
