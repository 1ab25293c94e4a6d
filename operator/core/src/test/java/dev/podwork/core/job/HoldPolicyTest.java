package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class HoldPolicyTest {

    private static final Instant START = Snapshots.CREATED.plusSeconds(60);

    private final HoldPolicy policy = new HoldPolicy();

    @Test
    void aSuspendedJobWaitsForSomebody() {
        JobDecision decision = policy.decide(Snapshots.of("{worker: w, suspended: true}", Snapshots.CREATED)
                        .snapshot())
                .orElseThrow();

        assertThat(decision.status().phase()).isEqualTo(Phase.QUEUED);
        assertThat(decision.status().reason()).isEqualTo(Reasons.SUSPENDED);
        assertThat(decision.status().message()).contains("once spec.suspended is false");
        assertThat(decision.revisit()).isNull();
    }

    @Test
    void notBeforeWaitsForItsTime() {
        JobDecision decision =
                policy.decide(notBefore(START.minusMillis(1)).snapshot()).orElseThrow();

        assertThat(decision.status().reason()).isEqualTo(Reasons.NOT_BEFORE);
        assertThat(decision.status().message()).contains("2026-05-01T10:01:00Z");
        assertThat(decision.revisit()).isEqualTo(START);
        assertThat(policy.decide(notBefore(START).snapshot())).isEmpty();
    }

    @Test
    void aTimeWithAnOffsetIsTheSameTime() {
        assertThat(policy.decide(Snapshots.of("{worker: w, notBefore: '2026-05-01T12:01:00+02:00'}", START)
                        .snapshot()))
                .isEmpty();
    }

    @Test
    void theQueuesClockStartsAnewForAResumedJob() {
        JobStatus suspended = policy.decide(Snapshots.of("{worker: w, suspended: true}", Snapshots.CREATED)
                        .snapshot())
                .orElseThrow()
                .status();
        JobDecision resumed = policy.decide(
                        Snapshots.ofWorker(START).status(suspended).snapshot())
                .orElseThrow();

        assertThat(resumed.status().queuedAt()).isEqualTo(START);
        assertThat(resumed.status().reason()).isEqualTo(Reasons.QUEUED);
        assertThat(resumed.revisit()).isEqualTo(START);
        assertThat(policy.decide(
                        Snapshots.ofWorker(START).status(resumed.status()).snapshot()))
                .isEmpty();
    }

    @Test
    void otherJobsDoNotWait() {
        assertThat(policy.decide(Snapshots.at(START).snapshot())).isEmpty();
    }

    private static Snapshots notBefore(Instant now) {
        return Snapshots.of("{worker: w, notBefore: '%s'}".formatted(START), now);
    }
}
