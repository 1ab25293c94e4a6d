package dev.podwork.local.kubelet;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A container that is started again whenever it ends, until it is stopped. */
final class Sidecar {
    private static final Duration RESTART_DELAY = Duration.ofSeconds(1);

    private final Supplier<ContainerProcess> starter;
    private final Runnable onRestart;
    private final ScheduledExecutorService timer;
    private ContainerProcess current;
    private boolean stopping;

    Sidecar(Supplier<ContainerProcess> starter, Runnable onRestart, ScheduledExecutorService timer) {
        this.starter = starter;
        this.onRestart = onRestart;
        this.timer = timer;
        this.current = starter.get();
        watch(current);
    }

    /** Completes when its process has ended for good. */
    synchronized CompletableFuture<?> stop(Duration grace) {
        stopping = true;
        current.stop(grace);
        return current.ended();
    }

    private void watch(ContainerProcess process) {
        CompletableFuture<Void> unused = process.ended().thenRun(this::restartLater);
    }

    private void restartLater() {
        Future<?> unused = timer.schedule(this::restart, RESTART_DELAY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void restart() {
        if (!stopping) {
            onRestart.run();
            current = starter.get();
            watch(current);
        }
    }
}
