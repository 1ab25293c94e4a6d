package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobError;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.relay.ExitReport;
import dev.podwork.protocol.relay.Frame;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How an attempt ends, told by whatever its worker says last. */
class OutcomeTest {
    private static final ExitReport EXIT_7 = new ExitReport(7, "", false, "", List.of("last", "words"));
    private static final ExitReport EXIT_0 = new ExitReport(0, "", false, "", List.of());

    private final ContextServerFixture fixture = new ContextServerFixture();
    private final TestRelay relay;

    OutcomeTest() {
        fixture.attempts.add("a");
        relay = fixture.enter("a");
        relay.attach("", 0);
        relay.message(1);
        relay.send(new Frame.Ack(1));
    }

    @AfterEach
    void close() {
        relay.close();
        fixture.close();
    }

    private Outcome outcome() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(() -> assertThat(fixture.attempts.reports)
                        .extracting(AttemptReport::outcome)
                        .anyMatch(Objects::nonNull));
        return Objects.requireNonNull(fixture.attempts.last("a").outcome());
    }

    private Outcome.Failure failure() {
        assertThat(outcome()).isInstanceOf(Outcome.Failure.class);
        return (Outcome.Failure) outcome();
    }

    private void answer(String members) {
        relay.message(1, "{\"jsonrpc\":\"2.0\",\"id\":1," + members + "}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "0", "\"\"", "{\"a\":[1.5,null]}", "123456789012345678901234567890"})
    void anyValueIsAResult(String json) {
        answer("\"result\":" + json);
        assertThat(((Outcome.Result) outcome()).value().toString()).isEqualTo(json);
    }

    @Test
    void aMissingResultIsNull() {
        relay.message(1, "{\"jsonrpc\":\"2.0\",\"id\":1}");
        assertThat(((Outcome.Result) outcome()).value().isNull()).isTrue();
    }

    @Test
    void aResultDoesNotWaitForTheExit() {
        answer("\"result\":1");
        outcome();
        relay.send(new Frame.Exited(2, EXIT_7));
        relay.call(3, 1, "ctx.state.get", "{\"key\":\"k\"}").message(2);
        assertThat(outcome()).isInstanceOf(Outcome.Result.class);
    }

    @Test
    void anErrorCarriesTheExitThatFollows() {
        answer("\"error\":{\"code\":-32000,\"message\":\"no samples\",\"data\":{\"type\":\"ValueError\","
                + "\"stack\":\"Traceback ...\",\"retriable\":false,\"code\":\"E42\"}}");
        relay.send(new Frame.Exited(2, EXIT_7));
        Outcome.Failure failure = failure();
        assertThat(failure.reason()).isEqualTo("WorkerError");
        JobError error = failure.error();
        assertThat(error.type()).isEqualTo("ValueError");
        assertThat(error.message()).isEqualTo("no samples");
        assertThat(error.stack()).isEqualTo("Traceback ...");
        assertThat(error.retriable()).isFalse();
        assertThat(error.code()).hasToString("\"E42\"");
        assertThat(failure.exit()).isEqualTo(new Exit(7, "", false, "", List.of("last", "words"), null));
        assertThat(fixture.attempts.last("a").sequence()).isEqualTo(2);
    }

    @Test
    void anErrorDoesNotWaitForTheExitForEver() {
        answer("\"error\":{\"message\":\"no\"}");
        assertThat(failure().exit()).isNull();
        relay.send(new Frame.Exited(2, EXIT_7));
        relay.call(3, 1, "ctx.state.get", "{\"key\":\"k\"}").message(2);
        assertThat(failure().exit()).isNull();
    }

    @Test
    void anErrorIsWaitedForOverABreakToo() {
        answer("\"error\":{\"message\":\"no\"}");
        relay.call(2, 1, "ctx.state.get", "{\"key\":\"k\"}").message(2);
        relay.close();
        assertThat(failure().error().message()).isEqualTo("no");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"result\":null,\"error\":{\"message\":\"m\"}|Error|m",
                "\"result\":5,\"error\":{\"message\":\"m\"}|Error|m",
                "\"error\":\"just text\"|Error|just text",
                "\"error\":{}|Error|{}",
                "\"error\":5|Error|5",
                "\"error\":[]|Error|[]",
                "\"error\":false|Error|false",
                "\"error\":{\"message\":null,\"data\":5}|Error|{\"message\":null,\"data\":5}",
                "\"error\":{\"message\":\"\",\"data\":[]}|Error|{\"message\":\"\",\"data\":[]}",
                "\"error\":{\"message\":\"m\",\"data\":{\"type\":5,\"stack\":{},\"code\":{},\"retriable\":\"no\"}}|Error|m",
                "\"error\":{\"message\":\"m\",\"data\":{\"code\":1e400}}|Error|m",
                "\"error\":{\"message\":\"half \\ud83d\"}|Error|half �",
            })
    void errorsOfAnyShapeAreErrors(String members, String type, String message) {
        answer(members);
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("WorkerError");
        assertThat(failure().error().type()).isEqualTo(type);
        assertThat(failure().error().message()).isEqualTo(message);
        assertThat(failure().error().code()).isNull();
        assertThat(failure().error().retriable()).isNull();
    }

    @Test
    void anErrorIsBounded() {
        String stack = "😀".repeat(300_000);
        answer("\"error\":{\"message\":\"" + "m".repeat(100_000) + "\",\"data\":{\"type\":\"" + "t".repeat(1000)
                + "\",\"stack\":\"" + stack + "\"}}");
        relay.send(new Frame.Exited(2, EXIT_0));
        JobError error = failure().error();
        assertThat(error.message()).hasSize(8192).endsWith("…");
        assertThat(error.stack()).hasSizeBetween(32767, 32768).endsWith("😀…");
        assertThat(error.type()).hasSize(256);
    }

    @Test
    void aResultMayBeAsLongAsItsLimit() {
        answer("\"result\":\"" + "x".repeat(262_142) + "\"");
        assertThat(outcome()).isInstanceOf(Outcome.Result.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {262_143, 2_000_000, 16_000_000})
    void aLongerResultIsTooLarge(int length) {
        answer("\"result\":\"" + "x".repeat(length) + "\"");
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("ResultTooLarge");
        assertThat(failure().error().message()).contains(String.valueOf(length + 2), "262144");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"xxx",
                "{\"jsonrpc\":\"2.0\",\"result\":{\"method\":\"xxx",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"message\":\"xxx",
            })
    void anAnswerOverTheLineLimitIsTooLarge(String head) {
        relay.send(new Frame.Oversize(1, 17_825_792, head));
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("ResultTooLarge");
        assertThat(failure().error().message()).contains("17825792");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ctx.emit\",\"params\":{\"result\":\"xxx",
                "{\"jsonrpc\":\"2.0\",\"params\":{\"result\":\"xxx",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"meth",
                "garbage",
                "",
            })
    void anythingElseOverTheLimitIsNoAnswer(String head) {
        relay.send(new Frame.Oversize(1, 17_825_792, head));
        assertThat(relay.message(2).at("/error/code").intValue()).isEqualTo(-32700);
        assertThat(fixture.attempts.last("a").outcome()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\":[0,1e400]}", "[0,1e400]", "1e400"})
    void aNumberThatNoObjectCanHoldIsNotSerializable(String json) {
        answer("\"result\":" + json);
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("ResultNotSerializable");
    }

    @Test
    void aNumberThatNobodyReadsIsNotSerializable() {
        answer("\"result\":" + "9".repeat(5000));
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("ResultNotSerializable");
        assertThat(failure().error().message()).contains("1000");
    }

    @Test
    void whatTheLanguageCannotSerializeHasAReasonOfItsOwn() {
        answer("\"error\":{\"message\":\"m\",\"data\":{\"type\":\"ResultNotSerializable\"}}");
        relay.send(new Frame.Exited(2, EXIT_0));
        assertThat(failure().reason()).isEqualTo("ResultNotSerializable");
    }

    @Test
    void anExitWithoutAnswerIsAnEndToo() {
        relay.send(new Frame.Exited(1, new ExitReport(137, "SIGKILL", true, "", List.of("out of memory"))));
        assertThat(outcome())
                .isEqualTo(new Outcome.Exited(new Exit(137, "SIGKILL", true, "", List.of("out of memory"), null)));
    }
}
