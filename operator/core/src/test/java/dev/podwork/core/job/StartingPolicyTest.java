package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.PodBuilder;
import org.junit.jupiter.api.Test;

class StartingPolicyTest {

    private final StartingPolicy policy = new StartingPolicy();

    @Test
    void aStartThatGoesWellIsNotWorthAWrite() {
        JobDecision decision =
                decided(Snapshots.at(Snapshots.CREATED.plusMillis(4999)).pod(Snapshots.startingPod()));

        assertThat(decision.status().phase()).isNull();
        assertThat(decision.revisit()).isEqualTo(Snapshots.CREATED.plusSeconds(5));
    }

    @Test
    void afterFiveSecondsItIs() {
        JobStatus status = decided(
                        Snapshots.at(Snapshots.CREATED.plusSeconds(5)).pod(Snapshots.startingPod()))
                .status();

        assertThat(status.phase()).isEqualTo(Phase.STARTING);
        assertThat(status.reason()).isEqualTo(Reasons.STARTING);
        assertThat(status.message()).contains("pod j-1");
        assertThat(status.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.podUid()).isEqualTo(Snapshots.POD_UID));
    }

    @Test
    void troubleIsToldAtOnceInTheKubeletsWords() {
        JobStatus status = decided(
                        Snapshots.at(Snapshots.CREATED).pod(Snapshots.waitingPod("ErrImagePull", "manifest unknown")))
                .status();

        assertThat(status.phase()).isEqualTo(Phase.STARTING);
        assertThat(status.reason()).isEqualTo(Reasons.IMAGE);
        assertThat(status.message()).isEqualTo("Container worker: ErrImagePull: manifest unknown");
    }

    @Test
    void backingOffDoesNotReplaceTheCause() {
        Snapshots given = Snapshots.at(Snapshots.CREATED);
        JobStatus told = decided(given.pod(Snapshots.waitingPod("ErrImagePull", "manifest unknown")))
                .status();

        assertThat(decided(given.pod(Snapshots.waitingPod("ImagePullBackOff", "Back-off pulling image"))
                                .status(told))
                        .status())
                .isEqualTo(told);
        assertThat(decided(given.pod(Snapshots.waitingPod("ImagePullBackOff", "Back-off pulling image")))
                        .status()
                        .message())
                .contains("Back-off pulling image");
    }

    @Test
    void anUnschedulablePodIsToldInTheSchedulersWords() {
        JobStatus status = decided(Snapshots.at(Snapshots.CREATED)
                        .pod(new PodBuilder(Snapshots.startingPod())
                                .editStatus()
                                .addNewCondition()
                                .withType("PodScheduled")
                                .withStatus("False")
                                .withReason("Unschedulable")
                                .withMessage("0/3 nodes are available")
                                .endCondition()
                                .endStatus()
                                .build()))
                .status();

        assertThat(status.reason()).isEqualTo(Reasons.UNSCHEDULABLE);
        assertThat(status.message()).isEqualTo("0/3 nodes are available");
    }

    @Test
    void troubleThatIsOverIsToldToo() {
        JobStatus status = decided(Snapshots.at(Snapshots.CREATED.plusSeconds(1))
                        .pod(Snapshots.startingPod())
                        .status(Snapshots.statusOf(Phase.STARTING, Reasons.UNSCHEDULABLE, "0/3")))
                .status();

        assertThat(status.reason()).isEqualTo(Reasons.STARTING);
    }

    @Test
    void withoutAPodItHasNothingToSay() {
        assertThat(policy.decide(Snapshots.at(Snapshots.CREATED).snapshot())).isEmpty();
    }

    private JobDecision decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow();
    }
}
