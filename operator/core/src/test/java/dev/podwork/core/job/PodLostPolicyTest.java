package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodLostPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    private final PodLostPolicy policy = new PodLostPolicy();

    @Test
    void aRecordedPodThatIsGoneFailsTheJob() {
        JobStatus status = policy.decide(
                        Snapshots.at(NOW).status(Snapshots.running()).snapshot())
                .orElseThrow()
                .status();

        assertThat(status.reason()).isEqualTo(Reasons.POD_LOST);
        assertThat(status.message()).isEqualTo("Pod j-1 was deleted before the job ended");
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.podUid()).isEqualTo(Snapshots.POD_UID);
            assertThat(attempt.acknowledged()).isEqualTo(3);
        });
    }

    @Test
    void soDoesOneThatOnlyASessionKnew() {
        assertThat(policy.decide(Snapshots.at(NOW).report(1, null).snapshot())
                        .orElseThrow()
                        .status()
                        .reason())
                .isEqualTo(Reasons.POD_LOST);
    }

    @Test
    void aPodThatNobodyEverSawMayStillBeMade() {
        assertThat(policy.decide(Snapshots.at(NOW).snapshot())).isEmpty();
    }

    @Test
    void aPodThatIsBeingDeletedHasItsGracePeriodAndABit() {
        assertThat(policy.decide(
                        Snapshots.at(NOW).pod(deletedAt(NOW.plusSeconds(5))).snapshot()))
                .hasValueSatisfying(decision -> {
                    assertThat(decision.revisit()).isEqualTo(NOW.plusSeconds(35));
                    assertThat(decision.status().phase()).isNull();
                });
        assertThat(policy.decide(
                        Snapshots.at(NOW).pod(deletedAt(NOW.minusSeconds(30))).snapshot()))
                .hasValueSatisfying(
                        decision -> assertThat(decision.status().reason()).isEqualTo(Reasons.POD_LOST));
    }

    @Test
    void whatItsWorkerTellsMeanwhileIsRecorded() {
        Snapshots deleted = Snapshots.at(NOW)
                .status(Snapshots.running())
                .pod(deletedAt(NOW.plusSeconds(5)))
                .report(8, null);

        assertThat(policy.decide(deleted.snapshot())).hasValueSatisfying(decision -> {
            assertThat(decision.revisit()).isEqualTo(NOW.plusSeconds(35));
            assertThat(decision.status().attempts().get(0).acknowledged()).isEqualTo(8);
        });
    }

    @Test
    void aPodThatIsThereIsNoneOfItsBusiness() {
        assertThat(policy.decide(Snapshots.at(NOW).pod(Snapshots.startingPod()).snapshot()))
                .isEmpty();
    }

    private static Pod deletedAt(Instant at) {
        return new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withDeletionTimestamp(at.toString())
                .endMetadata()
                .build();
    }
}
