package dev.podwork.core.retry;

import dev.podwork.api.attempt.Backoff;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.GoDuration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How long to wait after a failure. The chance in it follows from the job, so that every operator finds the same. */
final class BackoffDelay {

    private static final Backoff DEFAULT = new Backoff(BackoffType.EXPONENTIAL, "1s", 2.0, "5m", 0.1);

    private BackoffDelay() {}

    /** @param failures how many attempts have failed so far, at least 1 */
    static Duration of(@Nullable Backoff given, String jobUid, int failures) {
        Backoff backoff = given == null ? DEFAULT : given;
        double base = millis(backoff.base(), "1s");
        double longest = millis(backoff.max(), "5m");
        double factor = backoff.type() == BackoffType.FIXED ? 1 : Objects.requireNonNullElse(backoff.factor(), 2.0);
        double full = Math.min(longest, base * Math.pow(factor, failures - 1.0));
        double jitter = Math.max(0, Math.min(1, Objects.requireNonNullElse(backoff.jitter(), 0.1)));
        return Duration.ofMillis(Math.round(full * (1 - jitter * chance(jobUid, failures))));
    }

    private static double chance(String jobUid, int failures) {
        long seed = UUID.nameUUIDFromBytes((jobUid + "/" + failures).getBytes(StandardCharsets.UTF_8))
                .getMostSignificantBits();
        return new SplittableRandom(seed).nextDouble();
    }

    private static long millis(@Nullable String duration, String otherwise) {
        return GoDuration.parse(duration)
                .or(() -> GoDuration.parse(otherwise))
                .orElseThrow()
                .toMillis();
    }
}
