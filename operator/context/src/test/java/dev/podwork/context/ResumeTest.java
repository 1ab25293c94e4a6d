package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.podwork.api.job.Emit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.relay.ExitReport;
import dev.podwork.protocol.relay.Frame;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Numbers, acknowledgements, and what is sent again after a break. */
class ResumeTest {
    private static final String EMIT = "{\"trigger\":\"t\",\"payload\":1}";
    private static final String RESULT = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"done\"}";

    private final ContextServerFixture fixture = new ContextServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private TestRelay start(String pod) {
        fixture.attempts.add(pod);
        TestRelay relay = fixture.enter(pod);
        relay.attach("", 0);
        relay.message(1);
        return relay.send(new Frame.Ack(1));
    }

    private void awaitOutcome(String pod) {
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(fixture.attempts.last(pod).outcome()).isNotNull());
    }

    @Test
    void whatNeedsNoRecordIsAcknowledgedWhenItsAnswerIs() {
        try (TestRelay relay = start("a")) {
            relay.message(
                    1,
                    "{\"jsonrpc\":\"2.0\",\"method\":\"ctx.logger.log\",\"params\":{\"level\":\"info\",\"message\":\"m\"}}");
            relay.acknowledged(1);
            relay.call(2, 1, "ctx.progress", "{\"progress\":1}");
            relay.message(2);
            relay.call(3, 2, "ctx.state.get", "{\"key\":\"k\"}");
            relay.message(3);
            relay.send(new Frame.Ack(2));
            relay.acknowledged(2);
            relay.send(new Frame.Ack(3));
            relay.acknowledged(3);
        }
    }

    @Test
    void emitsAndWhatFollowsThemWaitForTheirRecord() {
        try (TestRelay relay = start("a")) {
            relay.call(1, 1, "ctx.progress", "{\"progress\":1}");
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            relay.call(3, 3, "ctx.progress", "{\"progress\":2}");
            relay.message(2);
            relay.message(3);
            relay.message(4);
            relay.send(new Frame.Ack(4));
            relay.acknowledged(1);
            assertThat(fixture.attempts.last("a").sequence()).isEqualTo(3);
            fixture.server.recorded(fixture.attempts.last("a").key(), 2, null);
            relay.acknowledged(3);
        }
    }

    @Test
    void aJobFromExecuteToEnd() {
        try (TestRelay relay = start("a")) {
            relay.message(1, RESULT);
            relay.send(new Frame.Exited(2, new ExitReport(0, "", false, "", List.of())));
            awaitOutcome("a");
            relay.call(3, 9, "ctx.state.get", "{\"key\":\"k\"}");
            assertThat(relay.message(2).at("/error/code").intValue()).isEqualTo(-32002);
            fixture.record("a", true);
            assertThat(relay.nextButAck()).isEqualTo(new Frame.End(3, 5000, 30000));
            relay.acknowledged(3);
        }
    }

    @Test
    void theFirstAnswerCounts() {
        try (TestRelay relay = start("a")) {
            relay.message(1, RESULT);
            relay.message(2, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"again\"}");
            relay.message(3, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"message\":\"no\"}}");
            relay.send(new Frame.Exited(4, new ExitReport(1, "", false, "", List.of())));
            awaitOutcome("a");
            fixture.record("a", true);
            relay.nextButAck();
            relay.acknowledged(4);
            relay.message(5, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"after the end\"}");
            relay.acknowledged(5);
        }
        assertThat(fixture.attempts.of("a").stream().filter(report -> report.outcome() != null))
                .hasSize(1);
        assertThat(fixture.attempts.last("a").outcome()).isEqualTo(new Outcome.Result(TextNode.valueOf("done")));
        assertThat(fixture.count("podwork.context.replies.ignored")).isEqualTo(3);
    }

    @Test
    void aSessionGoesOnOverAnotherConnection() {
        fixture.attempts.add("a");
        String session;
        try (TestRelay relay = fixture.enter("a")) {
            session = relay.attach("", 0).session();
            relay.message(1);
            relay.send(new Frame.Ack(1));
            relay.call(1, 1, "ctx.progress", "{\"progress\":1}");
            relay.message(2);
            relay.send(new Frame.Ack(2));
            relay.acknowledged(1);
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            relay.call(3, 3, "ctx.progress", "{\"progress\":2}");
            relay.message(3);
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(fixture.attempts.last("a").sequence()).isEqualTo(3));
        try (TestRelay relay = fixture.enter("a")) {
            // Only what is safe is acknowledged: the shim keeps the rest, and sends it again.
            assertThat(relay.attach(session, 3)).isEqualTo(new Frame.Attached(session, 1));
            assertThat(relay.message(4).get("id").intValue()).isEqualTo(3);
            relay.send(new Frame.Ack(4));
            fixture.record("a", false);
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            relay.acknowledged(2);
            relay.call(3, 3, "ctx.progress", "{\"progress\":2}");
            relay.acknowledged(3);
            relay.call(4, 4, "ctx.state.get", "{\"key\":\"k\"}");
            assertThat(relay.message(5).get("id").intValue()).isEqualTo(4);
        }
        assertThat(fixture.attempts.last("a").emits()).hasSize(1);
        assertThat(fixture.attempts.of("a").stream()
                        .filter(report ->
                                report.progress() != null && report.progress().percent() == 2))
                .hasSize(1);
    }

    @Test
    void whatTheServerSentInBetweenArrives() {
        fixture.attempts.add("a");
        String session;
        try (TestRelay relay = fixture.enter("a")) {
            session = relay.attach("", 0).session();
            relay.message(1);
            relay.message(1, RESULT);
        }
        awaitOutcome("a");
        try (TestRelay relay = fixture.enter("a")) {
            relay.attach(session, 1);
            fixture.record("a", true);
            assertThat(relay.nextButAck()).isEqualTo(new Frame.End(2, 5000, 30000));
        }
    }

    @Test
    void aNumberTwiceCountsOnceAndAGapEndsTheConnection() {
        fixture.attempts.add("a");
        String session;
        try (TestRelay relay = fixture.enter("a")) {
            session = relay.attach("", 0).session();
            relay.message(1);
            relay.call(1, 1, "ctx.flow.emit", EMIT);
            relay.call(1, 1, "ctx.flow.emit", EMIT);
            relay.message(2);
            relay.call(3, 3, "ctx.flow.emit", EMIT);
            assertThat(relay.isEnded()).isTrue();
        }
        assertThat(fixture.count("podwork.context.connections.broken")).isEqualTo(1);
        try (TestRelay relay = fixture.enter("a")) {
            relay.attach(session, 2);
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            relay.message(3);
        }
        assertThat(fixture.attempts.last("a").emits())
                .extracting(Emit::sequence)
                .containsExactly(1L, 2L);
    }

    @Test
    void framesThatAreNotAShimsEndTheConnectionAndTheSessionGoesOn() {
        fixture.attempts.add("a");
        String session = "";
        for (String line : List.of(
                "{\"welcome\":{}}",
                "{\"seq\":1,\"end\":{\"graceMs\":1}}",
                "{\"attach\":{\"session\":\"\",\"received\":0}}",
                "{\"ack\":99}",
                "{\"seq\":1,\"msg\":" + "[".repeat(100_000),
                "not JSON",
                "")) {
            try (TestRelay relay = fixture.enter("a")) {
                session = relay.attach(session, 0).session();
                relay.message(1);
                relay.raw((line + "\n").getBytes(StandardCharsets.UTF_8));
                assertThat(relay.isEnded()).as(line).isTrue();
            }
        }
        try (TestRelay relay = fixture.enter("a")) {
            assertThat(relay.attach(session, 0).session()).isEqualTo(session);
            relay.message(1);
        }
    }

    @Test
    void aLineOverTheLimitEndsTheConnectionAndTheSessionGoesOn() {
        fixture.attempts.add("a");
        String session;
        try (TestRelay relay = fixture.enter("a")) {
            session = relay.attach("", 0).session();
            relay.message(1);
            String line = "{\"seq\":1,\"msg\":{\"x\":\"" + "x".repeat(17 << 20) + "\"}}\n";
            try {
                relay.raw(line.getBytes(StandardCharsets.US_ASCII));
            } catch (UncheckedIOException e) {
                // The server need not read it to its end.
            }
            assertThat(relay.isEnded()).isTrue();
        }
        try (TestRelay relay = fixture.enter("a")) {
            assertThat(relay.attach(session, 0)).isEqualTo(new Frame.Attached(session, 0));
            relay.message(1);
        }
        assertThat(fixture.count("podwork.context.connections.broken")).isEqualTo(1);
    }

    @Test
    void anAttachThatGotNoAnswerIsRepeated() {
        fixture.attempts.add("a");
        try (TestRelay relay = fixture.enter("a")) {
            relay.send(new Frame.Attach("", 0));
        }
        try (TestRelay relay = fixture.enter("a")) {
            assertThat(relay.attach("", 0).received()).isZero();
            relay.message(1);
        }
    }

    @Test
    void aServerThatWasRestartedInMidJobGoesOn() {
        String session;
        fixture.attempts.add("a");
        try (TestRelay relay = fixture.enter("a")) {
            session = relay.attach("", 0).session();
            relay.message(1);
            relay.send(new Frame.Ack(1));
            relay.call(1, 1, "ctx.progress", "{\"progress\":1}");
            relay.message(2);
            relay.send(new Frame.Ack(2));
            relay.acknowledged(1);
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            relay.message(3);
            relay.call(3, 3, "ctx.state.get", "{\"key\":\"k\"}");
            relay.message(4);
        }
        // The emit is recorded; the answers never reached the shim, so it keeps 2 and 3.
        var started = fixture.attempts.last("a").startedAt();
        fixture.attempts.put(RecordedAttempts.attempt("a", null, fixture.attempts.status("a"), false));
        fixture.attempts.reports.clear();
        fixture.restart();
        try (TestRelay relay = fixture.enter("a")) {
            Frame.Attached attached = relay.attach(session, 2);
            assertThat(attached.session()).isNotEqualTo(session);
            assertThat(attached.received()).isZero();
            // Whether the worker has it, only the shim knows.
            JsonNode execute = relay.message(1);
            assertThat(execute.get("id").intValue()).isEqualTo(1);
            assertThat(fixture.attempts.of("a")).isEmpty();
            relay.call(2, 2, "ctx.flow.emit", EMIT);
            assertThat(relay.message(2).get("id").intValue()).isEqualTo(2);
            relay.call(3, 3, "ctx.state.get", "{\"key\":\"k\"}");
            assertThat(relay.message(3).get("id").intValue()).isEqualTo(3);
            relay.send(new Frame.Ack(3));
            // The emit was recorded before: it is neither recorded again nor waited for.
            relay.acknowledged(3);
            relay.call(4, 4, "ctx.flow.emit", EMIT);
            relay.message(4);
            relay.message(5, RESULT);
            awaitOutcome("a");
            assertThat(fixture.attempts.last("a").emits())
                    .extracting(Emit::sequence)
                    .containsExactly(2L, 4L);
            assertThat(fixture.attempts.last("a").startedAt()).isEqualTo(started);
            fixture.record("a", true);
            relay.nextButAck();
            relay.acknowledged(5);
        }
    }

    @Test
    void anAttemptThatIsOverIsToldSoAndItsShimMayForgetEverything() {
        fixture.attempts.put(RecordedAttempts.attempt("a", null, null, true));
        try (TestRelay relay = fixture.enter("a")) {
            relay.attach("session of another server", 5);
            assertThat(relay.message(1).get("method").textValue()).isEqualTo("cancel");
            assertThat(relay.nextButAck()).isEqualTo(new Frame.End(2, 5000, 30000));
            relay.call(7, 7, "ctx.flow.emit", EMIT);
            assertThat(relay.message(3).at("/error/code").intValue()).isEqualTo(-32002);
            relay.message(8, RESULT);
            relay.send(new Frame.Exited(9, new ExitReport(0, "", false, "", List.of())));
            relay.acknowledged(9);
        }
        assertThat(fixture.attempts.reports).isEmpty();
    }

    @Test
    void sessionsGoWithTheirAttemptsAndPods() {
        try (TestRelay relay = start("a");
                TestRelay other = start("b")) {
            assertThat(sessions()).isEqualTo(2);
            fixture.server.forget("uid-b");
            assertThat(other.isEnded()).isTrue();
            relay.message(1, RESULT);
            awaitOutcome("a");
            fixture.record("a", true);
            relay.nextButAck();
        }
        Awaitility.await().untilAsserted(() -> assertThat(sessions()).isZero());
    }

    @Test
    void anAttemptThatEndsWhileNobodyIsConnectedLeavesNothing() {
        try (TestRelay relay = start("a")) {
            relay.message(1, RESULT);
        }
        awaitOutcome("a");
        fixture.record("a", true);
        Awaitility.await().untilAsserted(() -> assertThat(sessions()).isZero());
    }

    private double sessions() {
        return fixture.meters.get("podwork.context.sessions").gauge().value();
    }
}
