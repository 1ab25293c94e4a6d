package dev.podwork.context.state;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The state of one scope: read once, then kept, since nobody else writes it as a rule. While a write is under way further changes
 * gather, and go together in the next.
 */
final class KubernetesScope {
    /** How long nobody may have asked before it is read anew: somebody may have deleted the object. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private static final int MAX_CONFLICTS = 8;

    private final KubernetesStateStore store;
    private final StateScope scope;
    private List<Change> changes = new ArrayList<>();
    private List<Read> reads = new ArrayList<>();
    /** What is durable; null before it was read. */
    private @Nullable StateObject current;

    private int bytes;
    private boolean working;
    private long usedAt;

    /**
     * Something to be written.
     *
     * @param key null when only the owner is to be noted
     * @param entry null to delete
     */
    private record Change(
            @Nullable String key, @Nullable Entry entry, OwnerReference owner, CompletableFuture<Void> done) {}

    private record Read(String key, OwnerReference owner, CompletableFuture<Optional<JsonNode>> done) {}

    KubernetesScope(KubernetesStateStore store, StateScope scope) {
        this.store = store;
        this.scope = scope;
    }

    synchronized void use() {
        long now = store.clock().millis();
        if (!working && now - usedAt > FRESH.toMillis()) {
            current = null;
        }
        usedAt = now;
    }

    synchronized boolean isIdle() {
        return !working;
    }

    synchronized int bytes() {
        return bytes;
    }

    CompletionStage<Optional<JsonNode>> get(String key, OwnerReference owner) {
        CompletableFuture<Optional<JsonNode>> done = new CompletableFuture<>();
        synchronized (this) {
            StateObject known = current;
            if (known == null) {
                reads.add(new Read(key, owner, done));
                work();
                return done;
            }
            claim(known, owner);
            done.complete(value(known, key));
        }
        return done;
    }

    CompletionStage<Void> change(String key, @Nullable Entry entry, OwnerReference owner) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            changes.add(new Change(key, entry, owner, done));
            work();
        }
        return done;
    }

    /** State that a job has read stays as long as that job; nobody waits for that to be written. */
    private void claim(StateObject known, OwnerReference owner) {
        if (known.version() != null && !known.owners().containsKey(owner.getUid())) {
            changes.add(new Change(null, null, owner, new CompletableFuture<>()));
            work();
        }
    }

    private Optional<JsonNode> value(StateObject from, String key) {
        return Optional.ofNullable(from.entries().get(key))
                .filter(entry -> !entry.isExpired(store.clock().millis()))
                .map(Entry::value);
    }

    private void work() {
        if (!working) {
            working = true;
            try {
                store.executor().execute(this::run);
            } catch (RejectedExecutionException e) {
                working = false;
                fail(new StateException(StateException.Kind.UNAVAILABLE, "the operator is stopping; try again"));
            }
        }
    }

    /** On the executor: works until nothing waits. */
    private void run() {
        while (isWanted()) {
            try {
                serve(load());
            } catch (RuntimeException e) {
                fail(describe(e));
                continue;
            }
            List<Change> batch = takeChanges();
            try {
                write(batch);
            } catch (RuntimeException e) {
                batch.forEach(change -> change.done.completeExceptionally(describe(e)));
            }
        }
        store.resized(0);
    }

    private synchronized boolean isWanted() {
        working = !reads.isEmpty() || !changes.isEmpty();
        return working;
    }

    private synchronized void serve(StateObject loaded) {
        for (Read read : reads) {
            claim(loaded, read.owner);
            read.done.complete(value(loaded, read.key));
        }
        reads = new ArrayList<>();
    }

    private synchronized List<Change> takeChanges() {
        List<Change> taken = changes;
        changes = new ArrayList<>();
        return taken;
    }

    private static StateException describe(RuntimeException e) {
        return e instanceof StateException known
                ? known
                : new StateException(StateException.Kind.UNAVAILABLE, "state could not be kept: " + e);
    }

    private StateObject load() {
        synchronized (this) {
            StateObject known = current;
            if (known != null) {
                return known;
            }
        }
        StateObject read = store.read(scope);
        keep(read);
        return read;
    }

    private void keep(@Nullable StateObject known) {
        int before;
        int now = known == null
                ? 0
                : known.entries().values().stream().mapToInt(Entry::bytes).sum();
        synchronized (this) {
            current = known;
            before = bytes;
            bytes = now;
        }
        store.resized(now - before);
    }

    private void write(List<Change> batch) {
        List<Change> waiting = new ArrayList<>(batch);
        for (int conflicts = 0; conflicts < MAX_CONFLICTS; conflicts++) {
            StateObject from = load();
            StateObject next = apply(waiting, from);
            if (next.entries().equals(from.entries()) && next.owners().equals(from.owners())) {
                waiting.forEach(change -> change.done.complete(null));
                return;
            }
            Optional<StateObject> written = store.write(scope, next);
            keep(written.orElse(null));
            if (written.isPresent()) {
                waiting.forEach(change -> change.done.complete(null));
                return;
            }
        }
        throw new StateException(
                StateException.Kind.UNAVAILABLE,
                "state was changed by others " + MAX_CONFLICTS + " times while it was being written; try again");
    }

    /** What the object should be; changes that it has no room for fail, and are taken out. */
    private StateObject apply(List<Change> waiting, StateObject from) {
        long now = store.clock().millis();
        Map<String, Entry> entries = new HashMap<>(from.entries());
        entries.values().removeIf(entry -> entry.isExpired(now));
        Map<String, OwnerReference> owners = new LinkedHashMap<>(from.owners());
        waiting.removeIf(change -> {
            try {
                change(entries, change);
                return false;
            } catch (StateException e) {
                change.done.completeExceptionally(e);
                return true;
            }
        });
        if (from.version() != null || !entries.isEmpty()) {
            waiting.forEach(change -> owners.putIfAbsent(change.owner.getUid(), change.owner));
        }
        return new StateObject(from.version(), entries, owners);
    }

    private static void change(Map<String, Entry> entries, Change change) {
        if (change.key == null) {
            return;
        }
        if (change.entry == null) {
            entries.remove(change.key);
        } else {
            Entry.refuseOverfull(change.key, change.entry, entries);
            entries.put(change.key, change.entry);
        }
    }

    /** Nothing that waits can be done. */
    private synchronized void fail(StateException e) {
        List<Read> failedReads = reads;
        List<Change> failedChanges = changes;
        reads = new ArrayList<>();
        changes = new ArrayList<>();
        failedReads.forEach(read -> read.done.completeExceptionally(e));
        failedChanges.forEach(change -> change.done.completeExceptionally(e));
    }
}
