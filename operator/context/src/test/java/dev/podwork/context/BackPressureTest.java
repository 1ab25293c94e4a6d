package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.context.state.State;
import dev.podwork.context.state.StateScope;
import dev.podwork.context.state.StateStore;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.relay.Frame;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A shim that asks and asks and never listens, or a store that never answers: the server stops reading. */
class BackPressureTest {
    /** What server and sockets of both sides may hold: the session's queue, and what the kernel buffers. */
    private static final long MOST_READ = 40L * 1024 * 1024;

    @Test
    void aStoreThatNeverAnswersStopsTheReading() {
        CountingStore store = new CountingStore(new CompletableFuture<>());
        try (ContextServerFixture fixture = new ContextServerFixture(store)) {
            long sent = flood(fixture, "{\"key\":\"k\",\"value\":\"" + "x".repeat(60_000) + "\"}", "ctx.state.set");
            assertThat(sent).isLessThan(MOST_READ);
            assertThat(store.calls).hasValue(1);
        }
    }

    @Test
    void aShimThatNeverListensIsNotServedForEver() {
        JsonNode value = Json.mapper().getNodeFactory().textNode("x".repeat(200_000));
        CountingStore store = new CountingStore(CompletableFuture.completedFuture(value));
        try (ContextServerFixture fixture = new ContextServerFixture(store)) {
            long sent = flood(fixture, "{\"key\":\"k\",\"padding\":\"" + "x".repeat(10_000) + "\"}", "ctx.state.get");
            assertThat(sent).isLessThan(MOST_READ);
            // Answers up to the bound of 4 MiB, and the one that goes over it.
            assertThat(store.calls.get()).isBetween(10, 30);
        }
    }

    @Test
    void whoListensAgainIsServedOn() {
        JsonNode value = Json.mapper().getNodeFactory().textNode("x".repeat(200_000));
        CountingStore store = new CountingStore(CompletableFuture.completedFuture(value));
        try (ContextServerFixture fixture = new ContextServerFixture(store)) {
            fixture.attempts.add("a");
            try (TestRelay relay = fixture.enter("a")) {
                relay.attach("", 0);
                relay.message(1);
                for (int seq = 1; seq <= 300; seq++) {
                    relay.call(seq, seq, "ctx.state.get", "{\"key\":\"k\"}");
                }
                for (int seq = 1; seq <= 300; seq++) {
                    assertThat(relay.message(seq + 1).get("id").intValue()).isEqualTo(seq);
                    relay.send(new Frame.Ack(seq + 1));
                }
            }
        }
    }

    @Test
    void linesThatNeverEndKeepNobodyFromTheirs() {
        try (ContextServerFixture fixture =
                new ContextServerFixture(ContextServerSettings.defaults().withMaxMemoryBytes(32L * 1024 * 1024))) {
            List<TestRelay> hoarders = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String pod = "hoarder-" + i;
                fixture.attempts.add(pod);
                TestRelay relay = fixture.enter(pod);
                relay.attach("", 0);
                relay.message(1);
                hoarders.add(relay.raw(
                        ("{\"seq\":1,\"msg\":{\"x\":\"" + "x".repeat(12_000_000)).getBytes(StandardCharsets.US_ASCII)));
            }
            Awaitility.await()
                    .untilAsserted(() -> assertThat(fixture.count("podwork.context.sessions.dropped"))
                            .isEqualTo(2));
            fixture.attempts.add("a");
            try (TestRelay relay = fixture.enter("a")) {
                relay.attach("", 0);
                relay.message(1);
                relay.message(1, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"" + "x".repeat(6_000_000) + "\"}");
                relay.call(2, 2, "ctx.state.get", "{\"key\":\"k\"}");
                assertThat(relay.message(2).at("/error/code").intValue()).isEqualTo(-32002);
            }
            hoarders.forEach(TestRelay::close);
        }
    }

    /** Sends until nothing more goes through; how much did. */
    private static long flood(ContextServerFixture fixture, String params, String method) {
        fixture.attempts.add("a");
        TestRelay relay = fixture.enter("a");
        relay.attach("", 0);
        relay.message(1);
        AtomicLong sent = new AtomicLong();
        Thread writer = new Thread(() -> {
            try {
                for (int seq = 1; sent.get() < 4 * MOST_READ; seq++) {
                    relay.call(seq, seq, method, params);
                    sent.addAndGet(params.length());
                }
            } catch (UncheckedIOException e) {
                // The connection was ended: the flood is over.
            }
        });
        writer.start();
        try {
            Awaitility.await()
                    .pollInterval(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(60))
                    .until(new Settled(sent));
            return sent.get();
        } finally {
            relay.close();
        }
    }

    /** A number that is as it was when last looked at. */
    private static final class Settled implements Callable<Boolean> {
        private final AtomicLong number;
        private long last = -1;

        Settled(AtomicLong number) {
            this.number = number;
        }

        @Override
        public Boolean call() {
            long now = number.get();
            boolean settled = now == last && now > 0;
            last = now;
            return settled;
        }
    }

    /** Answers with the same value, once it is there. */
    private static final class CountingStore implements StateStore, State {
        final AtomicInteger calls = new AtomicInteger();
        private final CompletableFuture<JsonNode> value;

        CountingStore(CompletableFuture<JsonNode> value) {
            this.value = value;
        }

        @Override
        public State open(StateScope scope, OwnerReference job) {
            return this;
        }

        @Override
        public void close() {}

        @Override
        public CompletionStage<Optional<JsonNode>> get(String key) {
            calls.incrementAndGet();
            return value.thenApply(Optional::of);
        }

        @Override
        public CompletionStage<Void> set(String key, JsonNode set, @Nullable Duration ttl) {
            calls.incrementAndGet();
            return value.thenAccept(nothing -> {});
        }

        @Override
        public CompletionStage<Void> delete(String key) {
            return value.thenAccept(nothing -> {});
        }
    }
}
