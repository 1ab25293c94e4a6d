package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.context.stream.StreamPart;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.relay.Frame;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parts of results on their way from a worker to whoever shows them. */
class StreamTest {
    private final ContextServerFixture fixture = new ContextServerFixture();
    private final List<StreamPart> shown = new CopyOnWriteArrayList<>();
    private TestRelay relay = start();

    private TestRelay start() {
        fixture.sink = (attempt, part) -> {
            assertThat(attempt.job()).isEqualTo("a");
            shown.add(part);
            return CompletableFuture.completedFuture(null);
        };
        fixture.attempts.add("a");
        TestRelay entered = fixture.enter("a");
        entered.attach("", 0);
        entered.message(1);
        return entered.send(new Frame.Ack(1));
    }

    @AfterEach
    void close() {
        relay.close();
        fixture.close();
    }

    @Test
    void partsAreShownAsTheyAreAndInOrder() {
        part(1, "{\"index\":0,\"chunk\":{\"a\": [1]}}");
        part(2, "{\"index\":1,\"chunk\":\"x\",\"final\":true,\"metadata\":{\"n\": 1}}");
        part(3, "{\"chunk\":null,\"final\":null,\"metadata\":null,\"later\":{}}");

        relay.acknowledged(3);
        assertThat(shown)
                .containsExactly(
                        new StreamPart(1, 0L, "{\"a\": [1]}", false, null),
                        new StreamPart(2, 1L, "\"x\"", true, "{\"n\": 1}"),
                        new StreamPart(3, null, "null", false, null));
    }

    @Test
    void aPartMayBeAsLongAsAMessage() {
        String chunk = "\"" + "x".repeat(15_000_000) + "\"";
        part(1, "{\"chunk\":" + chunk + "}");

        relay.acknowledged(1);
        assertThat(shown).extracting(StreamPart::chunk).containsExactly(chunk);
    }

    @Test
    void whatIsSentAgainIsNotShownAgain() {
        part(1, "{\"chunk\":1}");
        part(2, "{\"chunk\":2}");
        Awaitility.await().until(() -> shown.size() == 2);
        relay.close();

        relay = fixture.enter("a");
        relay.attach("of another server", 0);
        part(1, "{\"chunk\":1}");
        part(2, "{\"chunk\":2}");
        part(3, "{\"chunk\":3}");
        relay.message(4, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[1,2,3]}");

        Awaitility.await().until(() -> fixture.attempts.last("a").outcome() instanceof Outcome.Result);
        assertThat(shown).extracting(StreamPart::chunk).containsExactly("1", "2", "3");
    }

    @Test
    void aSlowSinkMakesTheWorkerWaitAndLosesNothing() {
        CompletableFuture<Void> slow = new CompletableFuture<>();
        fixture.sink = (attempt, part) -> {
            shown.add(part);
            return slow;
        };
        String chunk = "\"" + "x".repeat(300_000) + "\"";
        for (int seq = 1; seq <= 10; seq++) {
            part(seq, "{\"chunk\":" + chunk + "}");
        }
        relay.message(11, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":7}");
        relay.acknowledged(3);
        assertThat(shown).hasSize(1);
        assertThat(Objects.requireNonNull(fixture.attempts.last("a")).outcome()).isNull();

        slow.complete(null);
        Awaitility.await().until(() -> fixture.attempts.last("a").outcome() instanceof Outcome.Result);
        assertThat(shown).extracting(StreamPart::sequence).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    @Test
    void aPartOfAnAttemptThatIsOverIsNotShown() {
        fixture.record("a", true);
        Awaitility.await().until(() -> relay.nextButAck() instanceof Frame.End);
        relay.call(1, 5, "ctx.stream", "{\"chunk\":1}");

        assertThat(relay.message(4).at("/error/code").intValue()).isEqualTo(-32002);
        assertThat(shown).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | chunk must be there (null is a value)",
                "[1] | params must be an object",
                "{\"chunk\":1,\"index\":-1} | index must be a whole number from 0",
                "{\"chunk\":1,\"index\":1.5} | index must be a whole number from 0",
                "{\"chunk\":1,\"index\":\"1\"} | index must be a whole number from 0",
                "{\"chunk\":1,\"index\":99999999999999999999} | index must be a whole number from 0",
                "{\"chunk\":1,\"final\":1} | final must be true or false",
                "{\"chunk\":1,\"metadata\":[]} | metadata must be an object",
            })
    void whatIsNoPartIsRefusedByName(String params, String message) {
        relay.call(1, 5, "ctx.stream", params);

        JsonNode error = relay.message(2).get("error");
        assertThat(error.get("code").intValue()).isEqualTo(-32602);
        assertThat(error.get("message").textValue()).isEqualTo(message);
        assertThat(shown).isEmpty();
    }

    @Test
    void whoAsksIsAnswered() {
        relay.call(1, 5, "ctx.stream", "{\"chunk\":1}");

        assertThat(relay.message(2).toString()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":null}");
    }

    private void part(long seq, String params) {
        relay.message(seq, "{\"jsonrpc\":\"2.0\",\"method\":\"ctx.stream\",\"params\":" + params + "}");
    }
}
