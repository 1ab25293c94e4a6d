package dev.podwork.controller.deadline;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Wakes resources at given moments. One moment is kept for each resource, the earliest: whoever is woken finds out anew how long
 * to wait for the next.
 */
public final class Deadlines implements AutoCloseable {

    private record Pending(Instant at, Future<?> timer) {}

    private final Clock clock;
    private final Consumer<ResourceID> wake;
    private final Map<ResourceID, Pending> pending = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor timers;

    public Deadlines(String name, Clock clock, Consumer<ResourceID> wake) {
        this.clock = clock;
        this.wake = wake;
        timers = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        timers.setRemoveOnCancelPolicy(true);
    }

    public void wakeBy(ResourceID id, Instant at) {
        pending.compute(id, (same, earlier) -> {
            if (earlier != null && !earlier.at().isAfter(at)) {
                return earlier;
            }
            if (earlier != null) {
                earlier.timer().cancel(false);
            }
            long millis = Math.max(0, Duration.between(clock.instant(), at).toMillis() + 1);
            return new Pending(at, timers.schedule(() -> due(id), millis, TimeUnit.MILLISECONDS));
        });
    }

    public void cancel(ResourceID id) {
        Pending cancelled = pending.remove(id);
        if (cancelled != null) {
            cancelled.timer().cancel(false);
        }
    }

    public int size() {
        return pending.size();
    }

    @Override
    public void close() {
        timers.shutdownNow();
        pending.clear();
    }

    private void due(ResourceID id) {
        pending.remove(id);
        wake.accept(id);
    }
}
