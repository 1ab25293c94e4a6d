package dev.podwork.context.session;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How much all sessions may keep together: lines that have not ended, messages that wait, answers that nobody has taken. Each has
 * bounds of its own, but hundreds at their bounds would be too much. Then the one that keeps the most is dropped, which is for its
 * shim as if the server had been restarted: nothing is lost.
 */
public final class MemoryBudget {
    /** What is not worth counting. */
    private static final long SMALL = 128 * 1024;

    private final Map<Session, Long> kept = new HashMap<>();
    private final long limit;
    private final Consumer<Session> drop;
    private long total;

    public MemoryBudget(long limit, Consumer<Session> drop) {
        this.limit = limit;
        this.drop = drop;
    }

    void keeps(Session session, long bytes) {
        Long before = bytes < SMALL ? kept.remove(session) : kept.put(session, bytes);
        total += (bytes < SMALL ? 0 : bytes) - (before == null ? 0 : before);
        while (total > limit) {
            Session largest = kept.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .orElseThrow()
                    .getKey();
            keeps(largest, 0);
            drop.accept(largest);
        }
    }
}
