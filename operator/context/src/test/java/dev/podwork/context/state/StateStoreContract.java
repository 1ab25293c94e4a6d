package dev.podwork.context.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store must do. */
abstract class StateStoreContract {
    private static final AtomicInteger SCOPES = new AtomicInteger();

    final SettableClock clock = new SettableClock();
    final StateScope scope =
            new StateScope("default", "flow/test-" + System.nanoTime() + "-" + SCOPES.incrementAndGet());

    abstract StateStore store();

    /** A reference to a job that exists. */
    abstract OwnerReference job(String name);

    private State state() {
        return store().open(scope, job("first"));
    }

    @Test
    void whatIsNotThereIsEmpty() {
        assertThat(get(state(), "none")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "false",
                "0",
                "\"\"",
                "{}",
                "[]",
                "{\"a\":[1,2.5,null,\"ä€😀\\n\"]}",
                "12345678901234567890123",
                "\"\\u0000\"",
                "\"}{\""
            })
    void anyValueIsKeptAsItIs(String json) {
        State state = state();
        set(state, "key", json);
        assertThat(get(state, "key")).contains(json(json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "A", "with space", "ä/€", ".", "..", "a.b-c_d", "key.a", "\n", "\"", "\\"})
    void anyKeyIsAKey(String key) {
        State state = state();
        set(state, key, "1");
        set(state, key + "x", "2");
        assertThat(get(state, key)).contains(json("1"));
        set(state, key.repeat(100), "3");
        assertThat(get(state, key)).contains(json("1"));
    }

    @Test
    void aValueIsReplacedAndDeleted() {
        State state = state();
        set(state, "key", "1");
        set(state, "key", "2");
        assertThat(get(state, "key")).contains(json("2"));
        await(state.delete("key"));
        assertThat(get(state, "key")).isEmpty();
        await(state.delete("key"));
    }

    @Test
    void scopesAreApartAndTheSameScopeIsShared() {
        State state = state();
        set(state, "key", "1");
        State other = store().open(new StateScope(scope.namespace(), scope.id() + "-other"), job("first"));
        assertThat(get(other, "key")).isEmpty();
        assertThat(get(store().open(scope, job("second")), "key")).contains(json("1"));
    }

    @Test
    void aValueExpires() {
        State state = state();
        await(state.set("short", json("1"), Duration.ofSeconds(5)));
        set(state, "long", "2");
        clock.advance(Duration.ofMillis(4999));
        assertThat(get(state, "short")).contains(json("1"));
        clock.advance(Duration.ofMillis(1));
        assertThat(get(state, "short")).isEmpty();
        assertThat(get(state, "long")).contains(json("2"));
        await(state.set("short", json("3"), null));
        clock.advance(Duration.ofDays(1));
        assertThat(get(state, "short")).contains(json("3"));
    }

    @Test
    void aValueHasALimit() {
        State state = state();
        String longest = '"' + "x".repeat(Limits.STATE_VALUE_BYTES - 2) + '"';
        set(state, "key", longest);
        assertThat(get(state, "key")).contains(json(longest));
        assertRefused(() -> set(state, "key", '"' + "x".repeat(Limits.STATE_VALUE_BYTES - 1) + '"'), "262144");
        assertThat(get(state, "key")).contains(json(longest));
    }

    @Test
    void aScopeHasALimitAndWhatIsDeletedOrExpiredMakesRoom() {
        State state = state();
        String big = '"' + "x".repeat(Limits.STATE_VALUE_BYTES - 2) + '"';
        for (int i = 0; i < 3; i++) {
            set(state, "key" + i, big);
        }
        assertRefused(() -> set(state, "key3", big), "921600");
        set(state, "key2", big);
        await(state.delete("key0"));
        await(state.set("key3", json(big), Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(2));
        set(state, "key4", big);
        assertThat(get(state, "key4")).isPresent();
    }

    @Test
    void manyChangesAtOnceAllHold() {
        State state = state();
        List<CompletionStage<Void>> pending = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            pending.add(state.set("key" + i % 20, json(String.valueOf(i)), null));
        }
        pending.forEach(StateStoreContract::await);
        for (int i = 0; i < 20; i++) {
            assertThat(get(state, "key" + i)).contains(json(String.valueOf(180 + i)));
        }
    }

    private static void assertRefused(ThrowingCallable call, String limit) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StateException.class,
                        refusal -> assertThat(refusal.kind()).isEqualTo(StateException.Kind.LIMIT))
                .hasMessageContaining(limit);
    }

    static Optional<JsonNode> get(State state, String key) {
        return await(state.get(key));
    }

    static void set(State state, String key, String json) {
        await(state.set(key, json(json), null));
    }

    static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
