package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SuspensionPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(60);
    private static final String SUSPENDED = "{worker: w, suspended: true}";

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void aRunningAttemptEndsAndDoesNotCount() {
        JobStatus status = suspended().status();

        assertThat(status.phase()).isEqualTo(Phase.RETRYING);
        assertThat(status.reason()).isEqualTo(Reasons.SUSPENDED);
        assertThat(status.message()).contains("suspended while it was in pod j-1", "once spec.suspended is false");
        assertThat(status.failures()).isNull();
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.reason()).isEqualTo(Reasons.SUSPENDED);
            assertThat(attempt.endedAt()).isEqualTo(NOW);
            assertThat(attempt.failureClass()).isNull();
        });
        assertThat(suspended().remove()).isNull();
    }

    @Test
    void aWorkerThatCannotBeToldIsLeftToTheKubelet() {
        assertThat(decisions.decide(running(SUSPENDED).contact(null).snapshot()).remove())
                .isEqualTo(Snapshots.startingPod());
    }

    @Test
    void itIsQueuedOnceItsPodHasEnded() {
        Pod old = Snapshots.startingPod();
        Snapshots after =
                Snapshots.of(SUSPENDED, NOW.plusSeconds(1)).status(suspended().status());

        assertThat(decisions.decide(after.superseded(old).snapshot()).status().phase())
                .isEqualTo(Phase.RETRYING);
        JobStatus waits = decisions
                .decide(after.superseded(Snapshots.endedPod(130, "Error", null)).snapshot())
                .status();
        assertThat(waits.phase()).isEqualTo(Phase.QUEUED);
        assertThat(waits.reason()).isEqualTo(Reasons.SUSPENDED);
    }

    @Test
    void itsResultCountsWhenItCameFirst() {
        JobSnapshot answered = running(SUSPENDED)
                .report(9, new Outcome.Result(NullNode.getInstance()))
                .snapshot();

        assertThat(decisions.decide(answered).status().phase()).isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void othersAreLeftAlone() {
        SuspensionPolicy policy = new SuspensionPolicy();

        assertThat(policy.decide(running("{worker: w}").snapshot())).isEmpty();
        assertThat(policy.decide(Snapshots.of(SUSPENDED, NOW).snapshot())).isEmpty();
    }

    private JobDecision suspended() {
        return decisions.decide(running(SUSPENDED).snapshot());
    }

    private static Snapshots running(String spec) {
        return Snapshots.of(spec, NOW)
                .worker(Snapshots.readyWorker())
                .pod(Snapshots.startingPod())
                .status(Snapshots.running())
                .connected();
    }
}
