package dev.podwork.context.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The values of one scope. A stage fails with {@link StateException}. Nothing here blocks. */
public interface State {

    CompletionStage<Optional<JsonNode>> get(String key);

    /** Completes when the value is durable. */
    CompletionStage<Void> set(String key, JsonNode value, @Nullable Duration ttl);

    /** Completes when the absence is durable. */
    CompletionStage<Void> delete(String key);
}
