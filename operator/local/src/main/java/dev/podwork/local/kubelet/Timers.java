package dev.podwork.local.kubelet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** What is to happen to a pod at a certain time, while it runs. */
final class Timers implements AutoCloseable {
    private final ScheduledExecutorService timer;
    private final List<Future<?>> scheduled = new ArrayList<>();

    Timers(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    void after(Duration delay, Runnable action) {
        scheduled.add(timer.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS));
    }

    void every(Duration period, Runnable action) {
        long millis = period.toMillis();
        scheduled.add(timer.scheduleAtFixedRate(action, millis, millis, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        scheduled.forEach(future -> future.cancel(false));
    }
}
