package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.context.state.State;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** {@code ctx.state.*}. */
final class StateCalls {
    private static final long FOREVER_MILLIS = Duration.ofDays(36_500).toMillis();

    private final State state;

    StateCalls(State state) {
        this.state = state;
    }

    CompletionStage<JsonNode> get(Params params) {
        return state.get(params.name("key")).thenApply(value -> value.orElse(NullNode.getInstance()));
    }

    CompletionStage<JsonNode> set(Params params) {
        String key = params.name("key");
        JsonNode value = params.value("value");
        Duration ttl = params.optionalObject("opts")
                .optionalPositive("ttl")
                .filter(millis -> millis < FOREVER_MILLIS)
                .map(Duration::ofMillis)
                .orElse(null);
        return state.set(key, value, ttl).thenApply(nothing -> NullNode.getInstance());
    }

    CompletionStage<JsonNode> delete(Params params) {
        return state.delete(params.name("key")).thenApply(nothing -> NullNode.getInstance());
    }
}
