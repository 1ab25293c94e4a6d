package dev.podwork.api.attempt;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as Go and Kubernetes write them, such as {@code 90s} or {@code 1h30m}. */
public final class GoDuration {

    /** Also what the API server goes by; beyond this, a nought of any unit is no duration. */
    static final String PARTS = "^([0-9]{1,5}([.][0-9]{1,3})?h)?([0-9]{1,7}([.][0-9]{1,3})?m)?"
            + "([0-9]{1,9}([.][0-9]{1,3})?s)?([0-9]{1,12}ms)?$";

    public static final String REFUSAL =
            "must be a duration above 0 such as 90s, 5m or 1h30m (units h, m, s and ms, in this order); correct it, or"
                    + " remove it";

    static final long MAX_LENGTH = 48;

    private static final Pattern PATTERN = Pattern.compile(PARTS);
    private static final BigDecimal HOUR = BigDecimal.valueOf(3_600_000);
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60_000);
    private static final BigDecimal SECOND = BigDecimal.valueOf(1000);

    private GoDuration() {}

    /** Empty when it is absent, or not a duration above 0. */
    public static Optional<Duration> parse(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        Matcher parts = PATTERN.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        BigDecimal millis = millis(parts.group(1), 1, HOUR)
                .add(millis(parts.group(3), 1, MINUTE))
                .add(millis(parts.group(5), 1, SECOND))
                .add(millis(parts.group(7), 2, BigDecimal.ONE));
        return Optional.of(Duration.ofMillis(millis.longValue())).filter(duration -> !duration.isZero());
    }

    private static BigDecimal millis(@Nullable String part, int unitLength, BigDecimal unit) {
        return part == null
                ? BigDecimal.ZERO
                : new BigDecimal(part.substring(0, part.length() - unitLength)).multiply(unit);
    }
}
