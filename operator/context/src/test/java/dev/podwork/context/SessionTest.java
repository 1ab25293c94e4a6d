package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.relay.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One job, over one connection. */
class SessionTest {
    private final ContextServerFixture fixture = new ContextServerFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aJobFromExecuteToEnd() {
        fixture.attempts.add("a");
        try (TestRelay relay = fixture.enter("a")) {
            assertThat(relay.attach("", 0).received()).isZero();
            JsonNode execute = relay.message(1);
            assertThat(execute.get("method").textValue()).isEqualTo("execute");
            assertThat(execute.at("/params/job/data").intValue()).isEqualTo(5);
            assertThat(fixture.attempts.last("a").startedAt()).isNotNull();
            relay.send(new Frame.Ack(1));

            relay.call(1, 7, "ctx.state.set", "{\"key\":\"k\",\"value\":{\"n\":1}}");
            assertThat(relay.message(2).toString()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":null}");
            relay.send(new Frame.Ack(2));
            relay.acknowledged(1);
            relay.call(2, 8, "ctx.state.get", "{\"key\":\"k\"}");
            assertThat(relay.message(3).at("/result/n").intValue()).isEqualTo(1);
            relay.send(new Frame.Ack(3));
            relay.acknowledged(2);

            relay.message(3, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"accuracy\":0.95}}");
            relay.send(new Frame.Exited(
                    4, new dev.podwork.protocol.relay.ExitReport(0, "", false, "", java.util.List.of())));
            org.awaitility.Awaitility.await()
                    .untilAsserted(() -> assertThat(fixture.attempts.last("a").outcome())
                            .isInstanceOfSatisfying(
                                    Outcome.Result.class,
                                    result -> assertThat(result.value()
                                                    .at("/accuracy")
                                                    .doubleValue())
                                            .isEqualTo(0.95)));
            fixture.record("a", true);
            assertThat(relay.nextButAck()).isEqualTo(new Frame.End(4, 5000));
            relay.acknowledged(4);
        }
    }
}
