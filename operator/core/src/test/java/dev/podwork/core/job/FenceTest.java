package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.AttemptKey;
import dev.podwork.core.attempt.Classification;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FenceTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    @Test
    void theRecordedPodIsTheAttempts() {
        assertThat(Fence.isCurrent(Snapshots.running(), 1, Snapshots.POD_UID)).isTrue();
        assertThat(Fence.isCurrent(Snapshots.running(), 1, "another")).isFalse();
        assertThat(Fence.isCurrent(Snapshots.running(), 2, Snapshots.POD_UID)).isFalse();
    }

    @Test
    void beforeTheFirstRecordAnyPodMayBe() {
        assertThat(Fence.isCurrent(JobSnapshot.statusOf(new Job()), 1, "any")).isTrue();
        assertThat(Fence.isCurrent(JobSnapshot.statusOf(new Job()), 2, "any")).isFalse();
    }

    @Test
    void anAttemptThatFailedIsOverThoughItsPodMayRun() {
        JobStatus retrying = Ending.of(
                        Snapshots.of("{worker: w, retry: {attempts: 2}}", NOW)
                                .status(Snapshots.running())
                                .pod(Snapshots.startingPod())
                                .snapshot(),
                        Classification.failure(Reasons.ATTEMPT_TIMEOUT, "late"))
                .status();

        assertThat(Fence.isOver(job(retrying), 1, Snapshots.POD_UID)).isTrue();
        assertThat(Fence.isOver(job(retrying), 2, "next")).isFalse();
    }

    @Test
    void allIsOverWhenTheJobIs() {
        assertThat(Fence.isOver(job(Snapshots.statusOf(Phase.CANCELLED, "Cancelled", "enough")), 1, "any"))
                .isTrue();
    }

    @Test
    void onlyWhatIsRecordedMayBeForgotten() {
        AttemptKey other = new AttemptKey("ns", "j", 1, "j-1", "another");

        assertThat(Fence.acknowledged(Snapshots.running(), Snapshots.KEY)).isEqualTo(3);
        assertThat(Fence.acknowledged(Snapshots.running(), other)).isZero();
        assertThat(Fence.isStarted(Snapshots.running(), Snapshots.KEY)).isTrue();
        assertThat(Fence.isStarted(Snapshots.running(), other)).isFalse();
    }

    private static Job job(JobStatus status) {
        Job job = Snapshots.ofWorker(NOW).snapshot().job();
        job.setStatus(status);
        return job;
    }
}
