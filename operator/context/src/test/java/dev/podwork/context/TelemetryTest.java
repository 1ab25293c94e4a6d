package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Telemetry;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.relay.Frame;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a shim measures, and what a worker may say in its place. */
class TelemetryTest {
    private static final String FIGURES =
            "\"memoryBytes\":1048576,\"peakMemoryBytes\":2097152,\"cpuSeconds\":1.234,\"processes\":2";

    private final ContextServerFixture fixture = new ContextServerFixture();
    private final TestRelay relay;

    TelemetryTest() {
        fixture.attempts.add("a");
        relay = fixture.enter("a");
        relay.attach("", 0);
        relay.message(1);
    }

    @AfterEach
    void close() {
        relay.close();
        fixture.close();
    }

    @Test
    void theLatestIsReportedWithTheAttempt() {
        measured(1, "{" + FIGURES + ",\"stats\":{\"cpu_percent\":12.5,\"name\":\"\\ud800\"},\"later\":1}");

        Telemetry told = told();
        assertThat(told.attempt()).isEqualTo(1);
        assertThat(told.memoryBytes()).isEqualTo(1 << 20);
        assertThat(told.peakMemoryBytes()).isEqualTo(2 << 20);
        assertThat(told.cpuSeconds()).isEqualTo(1.234);
        assertThat(told.processes()).isEqualTo(2);
        assertThat(Objects.requireNonNull(told.stats()).toString()).isEqualTo("{cpu_percent=12.5, name=\"\uFFFD\"}");

        measured(2, "{" + FIGURES.replace("1.234", "5") + "}");
        assertThat(told().cpuSeconds()).isEqualTo(5);
        assertThat(told().stats()).isNull();
    }

    @Test
    void itGoesWithTheOutcome() {
        measured(1, "{" + FIGURES + "}");
        relay.message(2, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}");

        Awaitility.await().until(() -> fixture.attempts.last("a").outcome() instanceof Outcome.Result);
        assertThat(told().processes()).isEqualTo(2);
        long reports = fixture.attempts.of("a").size();
        relay.send(new Frame.Telemetry(3, "{" + FIGURES + "}"));
        fixture.record("a", true);
        assertThat(relay.nextButAck()).isInstanceOf(Frame.End.class);
        relay.acknowledged(3);
        assertThat(fixture.attempts.of("a")).hasSize((int) reports);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"memoryBytes\":1,\"peakMemoryBytes\":1,\"cpuSeconds\":1}",
                "{\"memoryBytes\":-1,\"peakMemoryBytes\":1,\"cpuSeconds\":1,\"processes\":1}",
                "{\"memoryBytes\":1.5,\"peakMemoryBytes\":1,\"cpuSeconds\":1,\"processes\":1}",
                "{\"memoryBytes\":\"1\",\"peakMemoryBytes\":1,\"cpuSeconds\":1,\"processes\":1}",
                "{\"memoryBytes\":1,\"peakMemoryBytes\":99999999999999999999,\"cpuSeconds\":1,\"processes\":1}",
                "{\"memoryBytes\":1,\"peakMemoryBytes\":1,\"cpuSeconds\":1e999,\"processes\":1}",
                "{\"memoryBytes\":1,\"peakMemoryBytes\":1,\"cpuSeconds\":-0.1,\"processes\":1}",
                "{\"memoryBytes\":1,\"peakMemoryBytes\":1,\"cpuSeconds\":1,\"processes\":4294967296}",
            })
    void figuresThatCannotBeAreIgnored(String json) {
        measured(1, json);

        assertThat(fixture.attempts.last("a").telemetry()).isNull();
        assertThat(fixture.count("podwork.context.telemetry.ignored")).isEqualTo(1);
    }

    @Test
    void statsThatCannotBeKeptAreLeftOut() {
        measured(1, "{" + FIGURES + ",\"stats\":{\"x\":\"" + "x".repeat(16 * 1024) + "\"}}");
        assertThat(told().stats()).isNull();
        measured(2, "{" + FIGURES + ",\"stats\":{\"n\":1e999}}");
        assertThat(told().stats()).isNull();
        measured(3, "{" + FIGURES + ",\"stats\":[1]}");
        assertThat(told().stats()).isNull();
    }

    @Test
    void aLineOfALaterVersionIsAcknowledgedAndIgnored() {
        int reports = fixture.attempts.of("a").size();
        relay.raw("{\"seq\":1,\"later\":{\"msg\":{}}}\n".getBytes(StandardCharsets.US_ASCII));
        relay.acknowledged(1);
        relay.call(2, 5, "ctx.state.get", "{\"key\":\"k\"}");

        assertThat(relay.message(2).get("id").intValue()).isEqualTo(5);
        assertThat(fixture.attempts.of("a")).hasSize(reports);
    }

    private void measured(long seq, String json) {
        relay.send(new Frame.Telemetry(seq, json));
        relay.acknowledged(seq);
    }

    private Telemetry told() {
        return Objects.requireNonNull(fixture.attempts.last("a").telemetry());
    }
}
