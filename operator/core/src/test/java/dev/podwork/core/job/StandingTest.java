package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class StandingTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(60);

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void anOpenAttemptHoldsASlot() {
        assertThat(standing(Snapshots.at(NOW).pod(Snapshots.startingPod()))).isEqualTo(Standing.HOLDS);
        assertThat(standing(Snapshots.at(NOW).status(Snapshots.running()).pod(Snapshots.startingPod())))
                .isEqualTo(Standing.HOLDS);
    }

    @Test
    void anEndedAttemptDoesNot() {
        Snapshots result = Snapshots.at(NOW)
                .pod(Snapshots.startingPod())
                .status(Snapshots.running())
                .report(9, new Outcome.Result(IntNode.valueOf(1)));
        assertThat(standing(result)).isEqualTo(Standing.NONE);
        assertThat(standing(result.status(Snapshots.statusOf(Phase.SUCCEEDED, Reasons.SUCCEEDED, ""))))
                .isEqualTo(Standing.NONE);
        assertThat(standing(Snapshots.of("{worker: w, retry: {attempts: 2}}", NOW)
                        .pod(Snapshots.endedPod(1, "Error", null))
                        .endSeen(NOW.minusSeconds(9))))
                .isEqualTo(Standing.NONE);
    }

    @Test
    void whoAskedAndGotNothingWaits() {
        assertThat(standing(Snapshots.at(NOW)
                        .worker(Snapshots.readyWorker())
                        .admission(new Admission.Waiting(1, 1, 0, null))))
                .isEqualTo(Standing.WAITS);
    }

    @Test
    void whoCouldNotStartDoesNeither() {
        assertThat(standing(Snapshots.of("{worker: w, suspended: true}", NOW).worker(Snapshots.readyWorker())))
                .isEqualTo(Standing.NONE);
        assertThat(standing(Snapshots.of("{worker: w, cancelled: true}", NOW).worker(Snapshots.readyWorker())))
                .isEqualTo(Standing.NONE);
        assertThat(standing(tried(new PodCreation.Conflict("exists already")))).isEqualTo(Standing.NONE);
    }

    @Test
    void whosePodWasRefusedHasASlotInVain() {
        assertThat(standing(tried(new PodCreation.Refused("exceeded quota")))).isEqualTo(Standing.REFUSED);
    }

    private static Snapshots tried(PodCreation creation) {
        return Snapshots.of(
                Snapshots.at(NOW).worker(Snapshots.readyWorker()).snapshot().after(creation));
    }

    private Standing standing(Snapshots given) {
        return Standing.of(given.snapshot(), decisions.decide(given.snapshot()));
    }
}
