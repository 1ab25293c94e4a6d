package dev.podwork.core.limit;

import dev.podwork.api.attempt.GoDuration;
import dev.podwork.api.attempt.Timeouts;
import dev.podwork.api.attempt.TimeoutsBuilder;
import dev.podwork.api.job.JobSpec;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which time limits a job has: its own before its worker's, and those that its pod was made with before both. */
public final class Limits {

    /** What a node may need beyond the limits: to notice, to end the worker, to tell. */
    private static final Duration SLACK = Duration.ofMinutes(2);

    private Limits() {}

    /** What a new attempt may take. */
    public static Timeouts of(@Nullable JobSpec job, @Nullable WorkerDefinitionSpec worker) {
        Timeouts own = job == null || job.timeouts() == null ? Timeouts.NONE : job.timeouts();
        Timeouts named = own.or(worker == null ? null : worker.timeouts());
        return named.or(TimeoutsBuilder.builder().attempt(attempt(worker)).build());
    }

    /** What the current attempt may take; without a pod, the next. */
    public static Timeouts of(@Nullable JobSpec job, @Nullable WorkerDefinitionSpec worker, @Nullable Pod pod) {
        Timeouts now = of(job, worker);
        return Optional.ofNullable(pod)
                .flatMap(PodTimeouts::of)
                .map(made -> made.or(TimeoutsBuilder.builder()
                        .queue(now.queue())
                        .total(now.total())
                        .build()))
                .orElse(now);
    }

    /**
     * How long the kubelet may let a pod live when nobody else ends it. Not before any of the limits, each of which only the
     * operator can tell apart; none where a pod may take as long as it likes to start.
     */
    public static Optional<Duration> backstop(Timeouts timeouts) {
        return GoDuration.parse(timeouts.start())
                .flatMap(start -> GoDuration.parse(timeouts.attempt()).map(start::plus))
                .map(longest -> longest.plus(SLACK));
    }

    private static String attempt(@Nullable WorkerDefinitionSpec worker) {
        return worker != null && worker.runtime() == WorkerRuntime.NODE ? "10m" : "5m";
    }
}
