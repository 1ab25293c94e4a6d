package dev.podwork.context.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One job's view of a scope. */
final class KubernetesState implements State {
    private final KubernetesStateStore store;
    private final StateScope scope;
    private final OwnerReference job;

    KubernetesState(KubernetesStateStore store, StateScope scope, OwnerReference job) {
        this.store = store;
        this.scope = scope;
        this.job = job;
    }

    @Override
    public CompletionStage<Optional<JsonNode>> get(String key) {
        return store.scope(scope).get(key, job);
    }

    @Override
    public CompletionStage<Void> set(String key, JsonNode value, @Nullable Duration ttl) {
        try {
            return store.scope(scope).change(key, Entry.of(key, value, ttl, store.clock()), job);
        } catch (StateException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Void> delete(String key) {
        return store.scope(scope).change(key, null, job);
    }
}
