package dev.podwork.context.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value, as its JSON: that is smaller than the tree, and nobody can change it.
 *
 * @param bytes what it counts against its scope's limit, with its key
 * @param expiresAt milliseconds since the epoch; null for never
 */
record Entry(String json, int bytes, @Nullable Long expiresAt) {

    static Entry of(String key, JsonNode value, @Nullable Duration ttl, Clock clock) {
        String json = Json.write(value);
        int size = Json.size(json);
        if (size > Limits.STATE_VALUE_BYTES) {
            throw new StateException(
                    StateException.Kind.LIMIT,
                    "the value is " + size + " bytes of JSON; a value may be at most " + Limits.STATE_VALUE_BYTES);
        }
        return new Entry(json, size + Json.size(key), ttl == null ? null : clock.millis() + ttl.toMillis());
    }

    boolean isExpired(long now) {
        return expiresAt != null && expiresAt <= now;
    }

    JsonNode value() {
        try {
            return Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a value of state is not JSON", e);
        }
    }

    /** Refuses an entry that its scope has no room for. */
    static void refuseOverfull(String key, Entry entry, Map<String, Entry> entries) {
        Entry former = entries.get(key);
        int others = entries.values().stream().mapToInt(Entry::bytes).sum() - (former == null ? 0 : former.bytes);
        if (others + entry.bytes > Limits.STATE_SCOPE_BYTES) {
            throw new StateException(
                    StateException.Kind.LIMIT,
                    "the state of a flow or job may be at most " + Limits.STATE_SCOPE_BYTES + " bytes; " + others
                            + " are there, and this entry has " + entry.bytes);
        }
    }
}
