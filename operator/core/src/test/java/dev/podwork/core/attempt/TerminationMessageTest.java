package dev.podwork.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerminationMessageTest {

    @Test
    void aShimsIsRead() {
        assertThat(TerminationMessage.parse("{\"code\":137,\"signal\":\"SIGKILL\",\"oomKilled\":true,\"error\":\"\","
                        + "\"stderrTail\":[\"a\",\"b\"],\"later\":{}}"))
                .contains(new Exit(137, "SIGKILL", true, "", List.of("a", "b"), null));
    }

    @Test
    void theAnswerThatNobodyAcknowledgedIsThere() {
        Exit exit = TerminationMessage.parse("{\"code\":0,\"response\":{\"id\":1,\"result\":null}}")
                .orElseThrow();

        assertThat(exit.response()).isNotNull();
        assertThat(exit.response().has("result")).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "Traceback (most recent call last)",
                "{",
                "42",
                "null",
                "[]",
                "{}",
                "{\"code\":\"7\"}",
                "{\"code\":7.5}",
                "{\"code\":99999999999}"
            })
    void whateverElseAWorkerWroteIsNot(String message) {
        assertThat(TerminationMessage.parse(message)).isEmpty();
    }

    @Test
    void depthAndLengthDoNoHarm() {
        assertThat(TerminationMessage.parse("[".repeat(16_000))).isEmpty();
        assertThat(TerminationMessage.parse("{\"code\":0,\"error\":\"" + "x".repeat(20_000) + "\"}"))
                .isEmpty();
    }

    @Test
    void wrongTypesAndTooManyLinesAreLeftOut() {
        String lines = String.join(
                ",", IntStream.range(0, 30).mapToObj(i -> "\"" + i + "\"").toList());
        Exit exit = TerminationMessage.parse("{\"code\":1,\"response\":7,\"stderrTail\":[{},null,\"%s\",%s]}"
                        .formatted("y".repeat(2000), lines))
                .orElseThrow();

        assertThat(exit.response()).isNull();
        assertThat(exit.stderrTail()).hasSize(20).first().isEqualTo("y".repeat(1024));
    }
}
