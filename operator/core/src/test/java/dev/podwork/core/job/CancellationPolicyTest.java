package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CancellationPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);
    private static final String CANCELLED = "{worker: w, cancelled: true}";

    private final CancellationPolicy policy = new CancellationPolicy();

    @Test
    void aQueuedJobEndsWithoutAPod() {
        JobStatus status = decided(Snapshots.of(CANCELLED, NOW).worker(Snapshots.readyWorker()));

        assertThat(status.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(status.reason()).isEqualTo(Reasons.CANCELLED);
        assertThat(status.message()).isEqualTo("The job was cancelled before it started");
        assertThat(status.completedAt()).isEqualTo(NOW);
        assertThat(status.attempts()).isEmpty();
        assertThat(status.conditions()).extracting(Condition::getType).containsExactly("Cancelled");
    }

    @Test
    void aRunningOneEndsWithItsAttempt() {
        JobStatus status = decided(
                Snapshots.of(CANCELLED, NOW).pod(Snapshots.startingPod()).status(Snapshots.running()));

        assertThat(status.message()).isEqualTo("The job was cancelled while it ran in pod j-1");
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.reason()).isEqualTo(Reasons.CANCELLED);
            assertThat(attempt.endedAt()).isEqualTo(NOW);
        });
    }

    @Test
    void aStartingOneSaysSo() {
        assertThat(decided(Snapshots.of(CANCELLED, NOW).pod(Snapshots.startingPod()))
                        .message())
                .isEqualTo("The job was cancelled while pod j-1 was starting");
    }

    @Test
    void othersAreLeftAlone() {
        assertThat(policy.decide(
                        Snapshots.of("{worker: w, cancelled: false}", NOW).snapshot()))
                .isEmpty();
        assertThat(policy.decide(Snapshots.at(NOW).snapshot())).isEmpty();
    }

    private JobStatus decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow().status();
    }
}
