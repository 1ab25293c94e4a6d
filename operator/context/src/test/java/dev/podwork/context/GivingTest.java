package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.protocol.relay.Frame;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a worker is given its job: of two operators that would each let one begin, the API server lets one have its way. */
class GivingTest {
    private final ContextServerFixture fixture = new ContextServerFixture();

    GivingTest() {
        fixture.attempts.recordNothing();
        fixture.attempts.add("a");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void theWorkerGetsTheJobOnceThatIsRecorded() {
        try (TestRelay relay = attached()) {
            // A message that it sends before is answered, and nothing came before the answer.
            relay.call(1, 7, "ctx.state.get", "{\"key\":\"k\"}");
            assertThat(relay.message(1).path("id").asInt()).isEqualTo(7);

            fixture.record("a", false);
            assertThat(relay.message(2).path("method").asText()).isEqualTo("execute");
        }
    }

    @Test
    void oneThatIsOverByThenNeverGetsIt() {
        try (TestRelay relay = attached()) {
            fixture.record("a", true);
            Frame next = relay.nextButAck();
            while (next instanceof Frame.Msg msg) {
                assertThat(msg.json()).doesNotContain("execute");
                next = relay.nextButAck();
            }
            assertThat(next).isInstanceOf(Frame.End.class);
        }
    }

    @Test
    void itIsGivenAgainByAServerThatFindsItRecorded() {
        attached().close();
        fixture.attempts.put(RecordedAttempts.attempt("a", null, fixture.attempts.status("a"), false));
        fixture.restart();
        fixture.attempts.recordNothing();

        try (TestRelay relay = fixture.enter("a")) {
            relay.attach("", 0);
            assertThat(relay.message(1).path("method").asText()).isEqualTo("execute");
        }
    }

    private TestRelay attached() {
        TestRelay relay = fixture.enter("a");
        relay.attach("", 0);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !fixture.attempts.of("a").isEmpty());
        return relay;
    }
}
