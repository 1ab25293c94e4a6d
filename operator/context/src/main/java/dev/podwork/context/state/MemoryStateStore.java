package dev.podwork.context.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Keeps state for as long as the process lives. */
public final class MemoryStateStore implements StateStore {
    private final Map<StateScope, Map<String, Entry>> scopes = new ConcurrentHashMap<>();
    private final Clock clock;

    public MemoryStateStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public State open(StateScope scope, OwnerReference job) {
        return new Scope(scopes.computeIfAbsent(scope, none -> new HashMap<>()));
    }

    @Override
    public void close() {
        scopes.clear();
    }

    private final class Scope implements State {
        private final Map<String, Entry> entries;

        Scope(Map<String, Entry> entries) {
            this.entries = entries;
        }

        @Override
        public CompletionStage<Optional<JsonNode>> get(String key) {
            synchronized (entries) {
                return CompletableFuture.completedFuture(Optional.ofNullable(entries.get(key))
                        .filter(entry -> !entry.isExpired(clock.millis()))
                        .map(Entry::value));
            }
        }

        @Override
        public CompletionStage<Void> set(String key, JsonNode value, @Nullable Duration ttl) {
            synchronized (entries) {
                try {
                    Entry entry = Entry.of(key, value, ttl, clock);
                    long now = clock.millis();
                    entries.values().removeIf(kept -> kept.isExpired(now));
                    Entry.refuseOverfull(key, entry, entries);
                    entries.put(key, entry);
                    return CompletableFuture.completedFuture(null);
                } catch (StateException e) {
                    return CompletableFuture.failedFuture(e);
                }
            }
        }

        @Override
        public CompletionStage<Void> delete(String key) {
            synchronized (entries) {
                entries.remove(key);
                return CompletableFuture.completedFuture(null);
            }
        }
    }
}
