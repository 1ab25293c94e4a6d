package dev.podwork.controller.deadline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final ResourceID ONE = new ResourceID("one", "test");
    private static final ResourceID OTHER = new ResourceID("other", "test");

    private final Clock clock = Clock.systemUTC();
    private final List<ResourceID> woken = new CopyOnWriteArrayList<>();
    private final Deadlines deadlines = new Deadlines("test", clock, woken::add);

    @AfterEach
    void close() {
        deadlines.close();
    }

    @Test
    void wakesAtTheMomentAndNotBefore() {
        Instant at = clock.instant().plusMillis(100);
        deadlines.wakeBy(ONE, at);
        await().until(() -> !woken.isEmpty());

        assertThat(clock.instant()).isAfterOrEqualTo(at);
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void ofSeveralMomentsTheEarliestCounts() {
        deadlines.wakeBy(ONE, clock.instant().plus(Duration.ofHours(1)));
        deadlines.wakeBy(ONE, clock.instant().plusMillis(20));
        deadlines.wakeBy(ONE, clock.instant().plus(Duration.ofHours(2)));
        assertThat(deadlines.size()).isEqualTo(1);
        await().until(() -> !woken.isEmpty());

        assertThat(woken).containsExactly(ONE);
        assertThat(deadlines.size()).isZero();
    }

    @Test
    void aPastMomentWakesAtOnce() {
        deadlines.wakeBy(ONE, Instant.EPOCH);
        await().until(() -> woken.equals(List.of(ONE)));
    }

    @Test
    void aCancelledOneDoesNotWake() {
        Instant at = clock.instant().plusMillis(50);
        deadlines.wakeBy(ONE, at);
        deadlines.wakeBy(OTHER, at.plusMillis(50));
        deadlines.cancel(ONE);
        await().until(() -> !woken.isEmpty());

        assertThat(woken).containsExactly(OTHER);
    }
}
