package dev.podwork.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");

    private final Gate gate = new Gate();

    @Test
    void whilePodsAreLetInAllMayTry() {
        assertThat(gate.room(100, 7, NOW)).isEqualTo(100);
        assertThat(gate.words()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "5,16", "6,30", "99,30"})
    void refusalsInARowMakeTheWaitsLonger(int refusals, long seconds) {
        for (int i = 0; i < refusals; i++) {
            gate.refused("exceeded quota", false, NOW);
        }

        assertThat(gate.closedUntil(NOW)).contains(NOW.plusSeconds(seconds));
        assertThat(gate.room(100, 0, NOW.plusSeconds(seconds).minusMillis(1))).isZero();
        assertThat(gate.room(100, 0, NOW.plusSeconds(seconds))).as("one tries").isEqualTo(1);
        assertThat(gate.room(100, 1, NOW.plusSeconds(seconds))).isZero();
        assertThat(gate.room(0, 0, NOW.plusSeconds(seconds))).as("no slot").isZero();
        assertThat(gate.words()).isEqualTo("exceeded quota");
    }

    @Test
    void onePodMayBeRefusedForItsOwnFault() {
        gate.refused("no", true, NOW);

        assertThat(gate.room(100, 0, NOW)).isEqualTo(1);
        gate.refused("no", true, NOW);
        assertThat(gate.room(100, 0, NOW)).isZero();
    }

    @Test
    void aPodThatIsLetInIsFollowedByTheNextAndAllWhenNobodyIsLeft() {
        gate.refused("no", false, NOW);
        gate.refused("no", false, NOW);
        gate.passed(false);
        assertThat(gate.room(100, 0, NOW)).isEqualTo(1);
        assertThat(gate.words()).isEqualTo("no");

        gate.passed(true);
        assertThat(gate.room(100, 5, NOW)).isEqualTo(100);
        assertThat(gate.words()).isNull();
    }

    @Test
    void anEndedAttemptShortensTheWait() {
        for (int i = 0; i < 9; i++) {
            gate.refused("no", false, NOW);
        }
        gate.eased(NOW);

        assertThat(gate.closedUntil(NOW)).contains(NOW.plusSeconds(1));
        gate.refused("no", false, NOW);
        assertThat(gate.closedUntil(NOW)).contains(NOW.plusSeconds(30));
    }
}
