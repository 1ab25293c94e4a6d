package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.admission.Admission;
import dev.podwork.core.admission.WorkerKey;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionPolicyTest {

    private final AdmissionPolicy policy = new AdmissionPolicy();

    @Test
    void aSlotIsClaimedFirst() {
        JobDecision decision =
                decided(null, Snapshots.statusOf(null, null, null)).orElseThrow();

        assertThat(decision.claim()).isTrue();
        assertThat(decision.pod()).isNull();
    }

    @Test
    void whoHasOneGoesOn() {
        assertThat(decided(new Admission.Admitted(new WorkerKey("ns", "w")), Snapshots.statusOf(null, null, null)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2 | 2 | 5 | Worker "w" runs 2 of at most 2 jobs; 5 jobs are ahead
                    1 | 1 | 1 | Worker "w" runs 1 of at most 1 job; 1 job is ahead
                    3 | 2 | 0 | Worker "w" runs 3 of at most 2 jobs; no job is ahead
                    """)
    void whoWaitsIsToldWhy(int running, int limit, int ahead, String message) {
        JobStatus status = decided(
                        new Admission.Waiting(running, limit, ahead, null),
                        Snapshots.statusOf(Phase.QUEUED, null, null))
                .orElseThrow()
                .status();

        assertThat(status.phase()).isEqualTo(Phase.QUEUED);
        assertThat(status.reason()).isEqualTo(Reasons.AT_CONCURRENCY_LIMIT);
        assertThat(status.message()).isEqualTo(message);
        assertThat(status.worker()).isEqualTo("w");
        assertThat(status.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getReason()).isEqualTo(Reasons.AT_CONCURRENCY_LIMIT);
            assertThat(condition.getMessage()).isEqualTo(message);
        });
    }

    @Test
    void whoWaitsForSeveralIsToldOfAll() {
        assertThat(decided(new Admission.Waiting(3, 4, 0, null, 2), Snapshots.statusOf(Phase.QUEUED, null, null))
                        .orElseThrow()
                        .status()
                        .message())
                .isEqualTo("Worker \"w\" and 2 more run 3 of at most 4 jobs; no job is ahead");
        assertThat(decided(new Admission.Waiting(3, 4, 0, "no", 1), Snapshots.statusOf(Phase.QUEUED, null, null))
                        .orElseThrow()
                        .status()
                        .message())
                .isEqualTo("Worker \"w\" and 1 more get no pods for now; no job is ahead. no");
    }

    @Test
    void whatTheApiServerRefusedOthersIsToldToo() {
        Admission refused = new Admission.Waiting(0, 9, 1, "exceeded quota: q");
        JobStatus status = decided(refused, Snapshots.statusOf(Phase.QUEUED, null, null))
                .orElseThrow()
                .status();
        assertThat(status.reason()).isEqualTo(Reasons.POD_REFUSED);
        assertThat(status.message()).isEqualTo("Worker \"w\" gets no pods for now; 1 job is ahead. exceeded quota: q");

        JobStatus own = Snapshots.statusOf(Phase.QUEUED, Reasons.POD_REFUSED, "its own pod's refusal");
        assertThat(decided(refused, own).orElseThrow().status()).isEqualTo(own);
    }

    @Test
    void theQueueMovingOnIsNoNews() {
        JobStatus told = Snapshots.statusOf(Phase.QUEUED, Reasons.AT_CONCURRENCY_LIMIT, "5 jobs are ahead");

        assertThat(decided(new Admission.Waiting(2, 2, 4, null), told)
                        .orElseThrow()
                        .status())
                .isEqualTo(told);
    }

    @Test
    void aDefinitionThatChangesThisMomentIsNoNews() {
        JobStatus status = Snapshots.statusOf(Phase.RETRYING, Reasons.WORKER_ERROR, "failed");

        assertThat(decided(new Admission.Waiting(2, 0, 0, null), status)
                        .orElseThrow()
                        .status())
                .isEqualTo(status);
    }

    private Optional<JobDecision> decided(@org.jspecify.annotations.Nullable Admission admission, JobStatus status) {
        return policy.decide(Snapshots.at(Snapshots.CREATED)
                .worker(Snapshots.readyWorker())
                .status(status)
                .admission(admission)
                .snapshot());
    }
}
