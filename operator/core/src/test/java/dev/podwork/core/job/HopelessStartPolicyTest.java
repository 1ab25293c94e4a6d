package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopelessStartPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(2);

    private final HopelessStartPolicy policy = new HopelessStartPolicy();

    @ParameterizedTest
    @ValueSource(strings = {"InvalidImageName", "ErrImageNeverPull"})
    void anImageThatCanNeverBeHadFailsTheAttemptAtOnce(String waiting) {
        JobStatus status = policy.decide(Snapshots.at(NOW)
                        .pod(Snapshots.waitingPod(waiting, "the words"))
                        .snapshot())
                .orElseThrow()
                .status();

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(status.reason()).isEqualTo(Reasons.IMAGE);
        assertThat(status.message()).isEqualTo("Container worker: %s: the words".formatted(waiting));
        assertThat(status.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.failureClass()).isEqualTo(FailureClass.IMAGE));
    }

    @Test
    void aRuleMayHaveItTriedAgain() {
        JobStatus status = policy.decide(Snapshots.of(
                                "{worker: w, retry: {attempts: 2, rules: [{classes: [Image], action: Retry}]}}", NOW)
                        .pod(Snapshots.waitingPod("InvalidImageName", "the words"))
                        .snapshot())
                .orElseThrow()
                .status();

        assertThat(status.phase()).isEqualTo(Phase.RETRYING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ErrImagePull", "ImagePullBackOff", "CreateContainerConfigError", "ContainerCreating"})
    void whatMayPassIsWaitedFor(String waiting) {
        assertThat(policy.decide(Snapshots.at(NOW)
                        .pod(Snapshots.waitingPod(waiting, "the words"))
                        .snapshot()))
                .isEmpty();
    }

    @Test
    void aPodThatStartsIsNoneOfItsBusiness() {
        assertThat(policy.decide(Snapshots.at(NOW).pod(Snapshots.startingPod()).snapshot()))
                .isEmpty();
        assertThat(policy.decide(Snapshots.at(NOW).snapshot())).isEmpty();
    }
}
