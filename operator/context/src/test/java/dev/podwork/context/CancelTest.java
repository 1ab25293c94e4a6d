package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.attempt.AttemptEnd;
import dev.podwork.core.attempt.Contact;
import dev.podwork.protocol.relay.ExitReport;
import dev.podwork.protocol.relay.Frame;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a worker is told when its attempt ends before it has. */
class CancelTest {
    private static final Frame END = new Frame.End(3, 5000, 30000);

    private final ContextServerFixture fixture = new ContextServerFixture();
    private final TestRelay relay;

    CancelTest() {
        fixture.attempts.add("a");
        relay = fixture.enter("a");
        relay.attach("", 0);
        relay.message(1);
        relay.send(new Frame.Ack(1));
        Awaitility.await().until(() -> !fixture.attempts.of("a").isEmpty());
    }

    @AfterEach
    void close() {
        relay.close();
        fixture.close();
    }

    @Test
    void aWorkerAtWorkIsToldWhyAndThenItsStdinEnds() {
        fixture.record("a", true);
        assertThat(relay.message(2))
                .hasToString("{\"jsonrpc\":\"2.0\",\"method\":\"cancel\","
                        + "\"params\":{\"reason\":\"AttemptTimeout\",\"message\":\"Worker timeout after 1000ms\"}}");
        assertThat(relay.nextButAck()).isEqualTo(END);
    }

    @Test
    void whatItSaysAfterwardsChangesNothing() {
        fixture.record("a", true);
        relay.message(2);
        relay.nextButAck();
        relay.call(1, 7, "ctx.state.set", "{\"key\":\"k\",\"value\":1}");
        assertThat(relay.message(4).at("/error/code").intValue()).isEqualTo(-32002);
        relay.message(2, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"late\"}");
        relay.send(new Frame.Exited(3, new ExitReport(130, "", false, "", List.of())));
        relay.acknowledged(3);
        assertThat(fixture.attempts.last("a").outcome()).isNull();
    }

    @Test
    void oneThatHasAnsweredIsNotCancelled() {
        relay.message(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":5}");
        Awaitility.await().until(() -> fixture.attempts.last("a").outcome() != null);
        fixture.record("a", true);
        assertThat(relay.nextButAck()).isEqualTo(new Frame.End(2, 5000, 30000));
    }

    @Test
    void itIsToldOnceAndAgainAfterABreak() {
        fixture.record("a", true);
        fixture.record("a", true);
        relay.message(2);
        assertThat(relay.nextButAck()).isEqualTo(END);
        relay.close();
        fixture.attempts.put(RecordedAttempts.attempt("a", null, null, true));
        try (TestRelay again = fixture.enter("a")) {
            again.attach("", 0);
            assertThat(again.message(1).get("method").textValue()).isEqualTo("cancel");
            assertThat(again.nextButAck()).isEqualTo(new Frame.End(2, 5000, 30000));
        }
    }

    @Test
    void oneThatComesBackAfterItsSuccessIsJustEnded() {
        fixture.attempts.put(
                RecordedAttempts.attempt("b", null, null, new AttemptEnd("Succeeded", "done"), RecordedAttempts.GRACE));
        try (TestRelay other = fixture.enter("b")) {
            other.attach("of another server", 1);
            assertThat(other.nextButAck()).isEqualTo(new Frame.End(1, 5000, 30000));
        }
    }

    @Test
    void whatIsHeardOfAWorkerIsKnownAtOnce() {
        assertThat(fixture.server.contact("uid-none")).isEmpty();
        Contact before = contact();
        assertThat(before.connected()).isTrue();
        relay.message(1, "{\"jsonrpc\":\"2.0\",\"method\":\"unknown\"}");
        Awaitility.await().until(() -> contact().heardAt().isAfter(before.heardAt()));
        relay.close();
        Awaitility.await().until(() -> !contact().connected());
    }

    @Test
    void whatTheShimMeasuresIsNoSignOfLife() {
        Contact before = contact();
        relay.send(new Frame.Telemetry(1, "{\"memoryBytes\":1048576}"));
        relay.acknowledged(1);
        assertThat(contact()).isEqualTo(before);
    }

    private Contact contact() {
        return fixture.server.contact("uid-a").orElseThrow();
    }
}
