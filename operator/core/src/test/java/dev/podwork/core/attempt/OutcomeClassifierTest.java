package dev.podwork.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeClassifierTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0||false||ExitedWithoutResult|The worker exited with code 0 and gave no result",
                "7||false||NonZeroExit|The worker exited with code 7 and gave no result",
                "137|SIGKILL|false||Signalled|The worker was ended by SIGKILL (exit code 137) before it gave a result",
                "127||false|python9: not found|CommandNotFound|The worker could not be started: python9: not found"
            })
    void howAProcessEndedIsAReasonAndASentence(
            int code, String signal, boolean oomKilled, String error, String reason, String message) {
        Classification ending = OutcomeClassifier.classify(
                new Outcome.Exited(new Exit(code, signal, oomKilled, error, List.of(), null)));

        assertThat(ending.reason()).isEqualTo(reason);
        assertThat(ending.message()).isEqualTo(message);
        assertThat(ending.error()).isEqualTo(new JobError(reason, message, null, null, null));
        assertThat(ending.exitCode()).isEqualTo(code);
        assertThat(ending.signal()).isEqualTo(signal);
    }

    @Test
    void wantOfMemoryNamesTheCure() {
        Classification ending =
                OutcomeClassifier.classify(new Outcome.Exited(new Exit(137, "SIGKILL", true, "", List.of(), null)));

        assertThat(ending.reason()).isEqualTo(Reasons.OUT_OF_MEMORY);
        assertThat(ending.message()).contains("exit code 137", "raise the memory limit");
    }

    @Test
    void theLastWordsAreInTheMessageAndMoreOfThemInTheAttempt() {
        List<String> tail = List.of("1", "2", "3", "4", "5", "KeyError: 'x'");
        Classification ending = OutcomeClassifier.classify(new Outcome.Exited(new Exit(1, "", false, "", tail, null)));

        assertThat(ending.message()).endsWith("on stderr:\n2\n3\n4\n5\nKeyError: 'x'");
        assertThat(ending.stderrTail()).isEqualTo(tail);
    }

    @Test
    void aMessageIsNeverLong() {
        Classification ending = OutcomeClassifier.classify(
                new Outcome.Failure(Reasons.WORKER_ERROR, new JobError("E", "x".repeat(5000), null, null, null), null));

        assertThat(ending.message()).hasSize(1024).endsWith("…");
        assertThat(ending.error()).isNotNull();
        assertThat(ending.error().message()).hasSize(5000);
    }
}
