package dev.podwork.core.attempt;

import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is heard of an attempt so far; a later report of the same attempt replaces an earlier one.
 *
 * @param startedAt when the worker had the job; null before
 * @param emits all of the attempt's emits, in order
 * @param sequence number of the worker's last message whose effects are in this report; once the report is recorded,
 *     everything up to it is safe
 * @param outcome how the attempt ended; null while it runs
 */
public record AttemptReport(
        AttemptKey key,
        @Nullable Instant startedAt,
        @Nullable Progress progress,
        List<Emit> emits,
        long sequence,
        @Nullable Outcome outcome) {

    public AttemptReport {
        emits = List.copyOf(emits);
    }
}
