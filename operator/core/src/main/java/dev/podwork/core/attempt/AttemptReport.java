package dev.podwork.core.attempt;

import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Telemetry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is heard of an attempt so far; a later report of the same attempt replaces an earlier one.
 *
 * @param startedAt when the worker had the job; null before
 * @param emits all of the attempt's emits, in order
 * @param sequence number of the worker's last message whose effects are in this report; once the report is recorded,
 *     everything up to it is safe
 * @param outcome how the attempt ended; null while it runs
 * @param telemetry what the worker used when it was last measured; null before
 */
public record AttemptReport(
        AttemptKey key,
        @Nullable Instant startedAt,
        @Nullable Progress progress,
        List<Emit> emits,
        long sequence,
        @Nullable Outcome outcome,
        @Nullable Telemetry telemetry) {

    /** Of a worker that was not measured yet. */
    public AttemptReport(
            AttemptKey key,
            @Nullable Instant startedAt,
            @Nullable Progress progress,
            List<Emit> emits,
            long sequence,
            @Nullable Outcome outcome) {
        this(key, startedAt, progress, emits, sequence, outcome, null);
    }

    public AttemptReport {
        emits = List.copyOf(emits);
    }

    /** Whether it tells more than an earlier one did, what the worker uses aside. */
    public boolean isNewsAfter(AttemptReport earlier) {
        return !key.equals(earlier.key)
                || sequence != earlier.sequence
                || !Objects.equals(startedAt, earlier.startedAt)
                || !Objects.equals(outcome, earlier.outcome);
    }
}
