package dev.podwork.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureClassesTest {

    @ParameterizedTest
    @CsvSource({
        "WorkerError,WORKER",
        "ExitedWithoutResult,WORKER",
        "NonZeroExit,WORKER",
        "Signalled,WORKER",
        "StartTimeout,TIMEOUT",
        "AttemptTimeout,TIMEOUT",
        "IdleTimeout,TIMEOUT",
        "OutOfMemory,OUT_OF_MEMORY",
        "PodLost,INFRASTRUCTURE",
        "ImageNotAvailable,IMAGE",
        "ContainerNotCreated,IMAGE",
        "CommandNotFound,IMAGE",
        "ResultNotSerializable,PROTOCOL",
        "ResultTooLarge,PROTOCOL"
    })
    void whoseFailureAReasonIs(String reason, FailureClass expected) {
        assertThat(FailureClasses.of(reason)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Reasons.CANCELLED,
                Reasons.NO_WORKER,
                Reasons.QUEUE_TIMEOUT,
                Reasons.TOTAL_TIMEOUT,
                Reasons.SUCCEEDED
            })
    void theseEndTheJobAndNotAnAttempt(String reason) {
        assertThat(FailureClasses.of(reason)).isEmpty();
    }
}
