package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Progress;
import dev.podwork.context.state.State;
import dev.podwork.context.state.StateException;
import dev.podwork.context.state.StateScope;
import dev.podwork.context.state.StateStore;
import dev.podwork.protocol.relay.Frame;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker may ask, and what it gets. */
class CallTest {
    private final ContextServerFixture fixture = new ContextServerFixture();
    private TestRelay relay = start(fixture, "a");
    private long sent;
    private long received = 1;

    private static TestRelay start(ContextServerFixture fixture, String pod) {
        fixture.attempts.put(RecordedAttempts.attempt(pod, null, null, false));
        TestRelay relay = fixture.enter(pod);
        relay.attach("", 0);
        relay.message(1);
        return relay.send(new Frame.Ack(1));
    }

    @BeforeEach
    void attached() {
        assertThat(fixture.attempts.last("a").startedAt()).isNotNull();
    }

    @AfterEach
    void close() {
        relay.close();
        fixture.close();
    }

    private JsonNode message(String json) {
        relay.message(++sent, json);
        JsonNode answer = relay.message(++received);
        relay.send(new Frame.Ack(received));
        return answer;
    }

    private JsonNode call(String method, String params) {
        return message("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"" + method + "\",\"params\":" + params + "}");
    }

    @Test
    void stateIsKept() {
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").toString())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":null}");
        assertThat(call("ctx.state.set", "{\"key\":\"k\",\"value\":{\"n\":1},\"opts\":{\"ttl\":60000}}")
                        .toString())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":null}");
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").get("result").toString())
                .isEqualTo("{\"n\":1}");
        assertThat(call("ctx.state.delete", "{\"key\":\"k\"}").get("result").isNull())
                .isTrue();
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").get("result").isNull())
                .isTrue();
    }

    @Test
    void jobsOfAFlowShareState() {
        fixture.attempts.put(RecordedAttempts.attempt("b", "flow-1", null, false));
        fixture.attempts.put(RecordedAttempts.attempt("c", "flow-1", null, false));
        call("ctx.state.set", "{\"key\":\"k\",\"value\":\"of a\"}");
        try (TestRelay b = fixture.enter("b");
                TestRelay c = fixture.enter("c")) {
            b.attach("", 0);
            c.attach("", 0);
            b.message(1);
            c.message(1);
            b.call(1, 1, "ctx.state.set", "{\"key\":\"k\",\"value\":\"of b\"}").message(2);
            assertThat(c.call(1, 1, "ctx.state.get", "{\"key\":\"k\"}")
                            .message(2)
                            .get("result")
                            .textValue())
                    .isEqualTo("of b");
        }
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").get("result").textValue())
                .isEqualTo("of a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ctx.nothing|{}|-32601|ctx.nothing",
                "ctx.stream|{}|-32602|chunk",
                "execute|{}|-32601|execute",
                "ctx.state.get|[]|-32602|params",
                "ctx.state.get|5|-32602|params",
                "ctx.state.get|{}|-32602|key",
                "ctx.state.get|{\"key\":5}|-32602|key",
                "ctx.state.get|{\"key\":\"\"}|-32602|key",
                "ctx.state.get|{\"key\":null}|-32602|key",
                "ctx.state.delete|{}|-32602|key",
                "ctx.state.set|{\"value\":1}|-32602|key",
                "ctx.state.set|{\"key\":\"k\"}|-32602|value",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":5}|-32602|opts",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":{\"ttl\":0}}|-32602|opts.ttl",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":{\"ttl\":-5}}|-32602|opts.ttl",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":{\"ttl\":1.5}}|-32602|opts.ttl",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":{\"ttl\":\"5\"}}|-32602|opts.ttl",
                "ctx.state.set|{\"key\":\"k\",\"value\":1,\"opts\":{\"ttl\":99999999999999999999}}|-32602|opts.ttl",
                "ctx.logger.log|{\"message\":\"m\"}|-32602|level",
                "ctx.logger.log|{\"level\":\"loud\",\"message\":\"m\"}|-32602|level",
                "ctx.logger.log|{\"level\":\"info\"}|-32602|message",
                "ctx.logger.log|{\"level\":\"info\",\"message\":{}}|-32602|message",
                "ctx.logger.log|{\"level\":\"info\",\"message\":\"m\",\"metadata\":[]}|-32602|metadata",
                "ctx.progress|{}|-32602|progress",
                "ctx.progress|{\"progress\":\"50\"}|-32602|progress",
                "ctx.progress|{\"progress\":-1}|-32602|progress",
                "ctx.progress|{\"progress\":100.5}|-32602|progress",
                "ctx.progress|{\"progress\":1e400}|-32602|progress",
                "ctx.progress|{\"progress\":5,\"message\":5}|-32602|message",
                "ctx.emit|{}|-32602|event",
                "ctx.emit|{\"event\":{}}|-32602|event.type",
                "ctx.emit|{\"event\":{\"type\":\"other\",\"data\":{\"name\":\"n\"}}}|-32602|event.type",
                "ctx.emit|{\"event\":{\"type\":\"emit\"}}|-32602|event.data",
                "ctx.emit|{\"event\":{\"type\":\"emit\",\"data\":{}}}|-32602|event.data.name",
                "ctx.emit|{\"name\":\"n\",\"payload\":{}}|-32602|event",
                "ctx.state.getAll|{}|-32601|ctx.state.getAll",
                "ctx.flow.cancel|{}|-32601|ctx.flow.cancel",
                "ctx.flow.emit|{}|-32602|trigger",
                "ctx.flow.emit|{\"trigger\":\"t\",\"payload\":{\"x\":[1e400]}}|-32602|/x/0",
            })
    void wrongCallsAreRefusedByName(String method, String params, int code, String named) {
        JsonNode error = call(method, params).get("error");
        assertThat(error.get("code").intValue()).isEqualTo(code);
        assertThat(error.get("message").textValue()).contains(named);
        // Notifications are served the same way, without an answer; the next answer is the next call's.
        relay.message(++sent, "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}");
        assertThat(call("ctx.state.get", "{\"key\":\"after\"}").has("result")).isTrue();
    }

    @Test
    void keysHaveALimitInCharacters() {
        assertThat(call("ctx.state.get", "{\"key\":\"" + "😀".repeat(253) + "\"}")
                        .has("result"))
                .isTrue();
        assertThat(call("ctx.state.get", "{\"key\":\"" + "k".repeat(254) + "\"}")
                        .at("/error/message")
                        .textValue())
                .isEqualTo("key must be a string of 1 to 253 characters");
    }

    @Test
    void emitsAndProgressAreReportedInOrder() {
        assertThat(call("ctx.emit", "{\"event\":{\"type\":\"emit\",\"data\":{\"name\":\"n\",\"x\":1}}}")
                        .toString())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":[]}");
        call("ctx.progress", "{\"progress\":50,\"message\":\"half\"}");
        call("ctx.flow.emit", "{\"trigger\":\"t\",\"payload\":null}");
        call("ctx.flow.emit", "{\"trigger\":\"u\"}");
        assertThat(fixture.attempts.last("a").emits())
                .extracting(Emit::sequence, Emit::name, emit -> emit.payload().toString())
                .containsExactly(tuple(1L, "n", "{\"x\":1}"), tuple(3L, "t", "null"), tuple(4L, "u", "{}"));
        assertThat(fixture.attempts.last("a").progress()).isEqualTo(new Progress(50, "half"));
        assertThat(fixture.attempts.last("a").sequence()).isEqualTo(4);
    }

    @Test
    void limitsAreNamed() {
        String big = "\"" + "x".repeat(262_143) + "\"";
        assertLimit(call("ctx.state.set", "{\"key\":\"k\",\"value\":" + big + "}"), "262144");
        assertLimit(call("ctx.flow.emit", "{\"trigger\":\"t\",\"payload\":" + big + "}"), "262144");
        assertLimit(call("ctx.state.set", "{\"key\":\"k\",\"value\":\"" + "x".repeat(2_000_000) + "\"}"), "1048576");
        for (int i = 0; i < 5; i++) {
            call("ctx.flow.emit", "{\"trigger\":\"t\",\"payload\":\"" + "x".repeat(50_000) + "\"}");
        }
        assertLimit(call("ctx.flow.emit", "{\"trigger\":\"t\",\"payload\":\"" + "x".repeat(50_000) + "\"}"), "262144");
        assertThat(fixture.attempts.last("a").emits()).hasSize(5);
    }

    private static void assertLimit(JsonNode answer, String limit) {
        assertThat(answer.at("/error/code").intValue()).isEqualTo(-32001);
        assertThat(answer.at("/error/message").textValue()).contains(limit);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"jsonrpc\":\"2.0\"}|-32600|null",
                "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":5}|-32600|9",
                "{\"jsonrpc\":\"1.0\",\"id\":9,\"method\":\"m\"}|-32700|null",
            })
    void whatIsNoMessageIsAnswered(String json, int code, String id) {
        JsonNode answer = message(json);
        assertThat(answer.at("/error/code").intValue()).isEqualTo(code);
        assertThat(answer.get("id").toString()).isEqualTo(id);
    }

    @Test
    void aLineThatWasTooLongIsAnswered() {
        relay.send(new Frame.Oversize(
                ++sent, 17_000_000, "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"ctx.state.set\",\"par"));
        JsonNode answer = relay.message(++received);
        assertThat(answer.at("/error/code").intValue()).isEqualTo(-32700);
        assertThat(answer.at("/error/message").textValue()).contains("17000000", "16777216");
        assertThat(answer.get("id").isNull()).isTrue();
    }

    @Test
    void aMessageAsDeepAsMayBeIsRead() {
        String deep = "[".repeat(510) + "]".repeat(510);
        assertThat(call("ctx.state.set", "{\"key\":\"k\",\"value\":" + deep + "}")
                        .has("result"))
                .isTrue();
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").get("result").toString())
                .isEqualTo(deep);
    }

    @Test
    void repliesToNothingAreIgnoredAndCounted() {
        relay.message(++sent, "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":1}");
        relay.message(++sent, "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":1}");
        relay.message(++sent, "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"no\"}}");
        assertThat(call("ctx.state.get", "{\"key\":\"k\"}").has("result")).isTrue();
        assertThat(fixture.count("podwork.context.replies.ignored")).isEqualTo(3);
        assertThat(fixture.attempts.last("a").outcome()).isNull();
    }

    @Test
    void methodsAreCountedAndUnknownOnesAreOne() {
        call("ctx.state.get", "{\"key\":\"k\"}");
        call("made.up.1", "{}");
        call("made.up.2", "{}");
        assertThat(fixture.count("podwork.context.calls", "method", "ctx.state.get"))
                .isEqualTo(1);
        assertThat(fixture.count("podwork.context.calls", "method", "other")).isEqualTo(2);
    }

    @Test
    void callsAreServedInOrderHoweverSlowTheStoreIs() {
        SlowStore store = new SlowStore();
        try (ContextServerFixture slow = new ContextServerFixture(store);
                TestRelay shim = start(slow, "b");
                TestRelay other = start(slow, "c")) {
            shim.call(1, 1, "ctx.state.set", "{\"key\":\"k\",\"value\":1}");
            shim.call(2, 2, "ctx.progress", "{\"progress\":1}");
            shim.message(3, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}");
            // Another session does not wait.
            other.call(1, 1, "ctx.progress", "{\"progress\":1}").message(2);
            assertThat(slow.attempts.last("b").sequence()).isZero();
            store.pending.complete(null);
            assertThat(shim.message(2).get("id").intValue()).isEqualTo(1);
            assertThat(shim.message(3).get("id").intValue()).isEqualTo(2);
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(slow.attempts.last("b").outcome()).isNotNull());
        }
    }

    @Test
    void theStoresFailureIsTold() {
        SlowStore store = new SlowStore();
        try (ContextServerFixture failing = new ContextServerFixture(store);
                TestRelay shim = start(failing, "b")) {
            store.pending.completeExceptionally(
                    new StateException(StateException.Kind.UNAVAILABLE, "state could not be written: etcd is away"));
            JsonNode error = shim.call(1, 1, "ctx.state.set", "{\"key\":\"k\",\"value\":1}")
                    .message(2)
                    .get("error");
            assertThat(error.get("code").intValue()).isEqualTo(-32000);
            assertThat(error.get("message").textValue()).contains("etcd is away");
            assertThat(error.at("/data/retriable").booleanValue()).isTrue();
        }
    }

    /** Answers when the test says so. */
    private static final class SlowStore implements StateStore, State {
        final CompletableFuture<Void> pending = new CompletableFuture<>();

        @Override
        public State open(StateScope scope, OwnerReference job) {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public CompletionStage<Optional<JsonNode>> get(String key) {
            return pending.thenApply(nothing -> Optional.empty());
        }

        @Override
        public CompletionStage<Void> set(String key, JsonNode value, @Nullable Duration ttl) {
            return pending.thenRun(() -> {});
        }

        @Override
        public CompletionStage<Void> delete(String key) {
            return pending.thenRun(() -> {});
        }
    }
}
