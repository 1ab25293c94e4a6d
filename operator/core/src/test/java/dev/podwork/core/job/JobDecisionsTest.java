package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The order of the policies: what comes first when several know the situation. */
class JobDecisionsTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(60);

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void theFirstRecordedEndWins() {
        assertThat(phase(Snapshots.at(NOW)
                        .status(Snapshots.statusOf(Phase.FAILED, Reasons.POD_LOST, "gone"))
                        .report(9, new Outcome.Result(IntNode.valueOf(1)))))
                .isEqualTo(Phase.FAILED);
    }

    @Test
    void theSessionsWordComesBeforeTheKubelets() {
        assertThat(phase(Snapshots.at(NOW)
                        .pod(Snapshots.endedPod(1, "Error", null))
                        .endSeen(NOW.minusSeconds(9))
                        .report(9, new Outcome.Result(IntNode.valueOf(1)))))
                .isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void aResultIsASuccessThoughThePodIsGone() {
        assertThat(phase(Snapshots.at(NOW)
                        .status(Snapshots.running())
                        .report(9, new Outcome.Result(IntNode.valueOf(1)))))
                .isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void anEndedPodIsNotRunning() {
        assertThat(phase(Snapshots.at(NOW)
                        .status(Snapshots.running())
                        .pod(Snapshots.endedPod(1, "Error", null))
                        .endSeen(NOW.minusSeconds(9))
                        .report(4, null)))
                .isEqualTo(Phase.FAILED);
    }

    @Test
    void aDefinitionThatIsGoneDoesNotMatterToAPodThatRuns() {
        assertThat(phase(Snapshots.at(NOW).pod(Snapshots.startingPod()).report(4, null)))
                .isEqualTo(Phase.RUNNING);
    }

    @Test
    void noSecondPodIsMadeForAnAttemptThatHadOne() {
        JobDecision decision = decisions.decide(Snapshots.at(NOW)
                .worker(Snapshots.readyWorker())
                .status(Snapshots.running())
                .snapshot());

        assertThat(decision.pod()).isNull();
        assertThat(decision.status().reason()).isEqualTo(Reasons.POD_LOST);
    }

    @Test
    void aResultThatCameByThenBeatsACancellation() {
        assertThat(phase(Snapshots.of("{worker: w, cancelled: true}", NOW)
                        .pod(Snapshots.startingPod())
                        .report(9, new Outcome.Result(IntNode.valueOf(1)))))
                .isEqualTo(Phase.SUCCEEDED);
        assertThat(phase(Snapshots.of("{worker: w, cancelled: true}", NOW)
                        .pod(Snapshots.startingPod())
                        .report(4, null)))
                .isEqualTo(Phase.CANCELLED);
    }

    @Test
    void suspensionEndsAnAttemptThatHasBegun() {
        assertThat(phase(Snapshots.of("{worker: w, suspended: true}", NOW)
                        .pod(Snapshots.startingPod())
                        .report(4, null)))
                .isEqualTo(Phase.RETRYING);
    }

    @Test
    void aLimitThatIsOutrankedIsNotDueOverAndOver() {
        Instant gone = NOW.plusSeconds(30);
        Pod deleted = new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build();
        JobDecision decision = decisions.decide(Snapshots.of("{worker: w, timeouts: {start: 1s}}", NOW.plusSeconds(1))
                .pod(deleted)
                .snapshot());

        assertThat(decision.status().phase()).isNull();
        assertThat(decision.revisit()).isEqualTo(gone);
    }

    @Test
    void everyDecisionIsFoundAgainUnchanged() {
        Snapshots started = Snapshots.at(NOW).pod(Snapshots.startingPod()).report(4, null);
        JobDecision first = decisions.decide(started.snapshot());

        assertThat(decisions.decide(started.status(first.status()).snapshot())).isEqualTo(first);
    }

    private Phase phase(Snapshots given) {
        Phase phase = decisions.decide(given.snapshot()).status().phase();
        assertThat(phase).isNotNull();
        return phase;
    }
}
