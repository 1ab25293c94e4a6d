package dev.podwork.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.Backoff;
import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffDelayTest {

    @Test
    void aFixedOneStaysTheSame() {
        Backoff fixed = BackoffBuilder.builder()
                .type(BackoffType.FIXED)
                .base("3s")
                .factor(5.0)
                .jitter(0.0)
                .build();

        assertThat(IntStream.of(1, 2, 30).mapToObj(n -> BackoffDelay.of(fixed, "uid", n)))
                .containsOnly(Duration.ofSeconds(3));
    }

    @Test
    void anExponentialOneGrowsUpToItsCap() {
        Backoff growing = BackoffBuilder.builder()
                .base("1s")
                .factor(3.0)
                .max("20s")
                .jitter(0.0)
                .build();

        assertThat(IntStream.of(1, 2, 3, 4, 999).mapToObj(n -> BackoffDelay.of(growing, "uid", n)))
                .containsExactly(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(20));
    }

    @Test
    void chanceShortensAndIsTheSameEveryTime() {
        Backoff jittery = BackoffBuilder.builder()
                .type(BackoffType.FIXED)
                .base("10s")
                .jitter(0.5)
                .build();
        Duration delay = BackoffDelay.of(jittery, "uid", 1);

        assertThat(delay).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
        assertThat(BackoffDelay.of(jittery, "uid", 1)).isEqualTo(delay);
        assertThat(BackoffDelay.of(jittery, "uid", 2)).isNotEqualTo(delay);
        assertThat(BackoffDelay.of(jittery, "another", 1)).isNotEqualTo(delay);
    }

    @Test
    void unaskedItBeginsWithASecond() {
        assertThat(BackoffDelay.of(null, "uid", 1)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(1));
        assertThat(BackoffDelay.of(null, "uid", 50)).isBetween(Duration.ofSeconds(270), Duration.ofMinutes(5));
    }
}
