package dev.podwork.controller.attempt;

import dev.podwork.controller.deadline.Deadlines;
import dev.podwork.core.attempt.AttemptReport;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The latest that each running attempt's session told. A start and an end wake their job at once; progress and emits within a
 * second, however many there are. What a worker uses wakes nobody.
 */
final class AttemptReports {

    private static final Duration COALESCED = Duration.ofSeconds(1);

    private final Map<ResourceID, AttemptReport> latest = new ConcurrentHashMap<>();
    private final Clock clock;
    private final Deadlines deadlines;
    private final Consumer<ResourceID> wake;

    AttemptReports(Clock clock, Deadlines deadlines, Consumer<ResourceID> wake) {
        this.clock = clock;
        this.deadlines = deadlines;
        this.wake = wake;
    }

    void take(ResourceID job, AttemptReport report) {
        AttemptReport earlier = latest.put(job, report);
        if (isTurn(earlier, report)) {
            wake.accept(job);
        } else if (earlier == null || report.isNewsAfter(earlier)) {
            deadlines.wakeBy(job, clock.instant().plus(COALESCED));
        }
    }

    Optional<AttemptReport> of(ResourceID job) {
        return Optional.ofNullable(latest.get(job));
    }

    void forget(ResourceID job) {
        latest.remove(job);
    }

    int size() {
        return latest.size();
    }

    private static boolean isTurn(@Nullable AttemptReport earlier, AttemptReport report) {
        boolean started = report.startedAt() != null && (earlier == null || earlier.startedAt() == null);
        return started || report.outcome() != null;
    }
}
