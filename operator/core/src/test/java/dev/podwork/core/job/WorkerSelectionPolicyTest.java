package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WorkerSelectionPolicyTest {

    private static final Instant TOLD = Snapshots.CREATED.plusSeconds(1);
    private static final Instant OVER = Snapshots.CREATED.plusSeconds(30);

    private final WorkerSelectionPolicy policy = new WorkerSelectionPolicy();

    @Test
    void aPinnedJobWaitsForItsRevision() {
        WorkerDefinition worker = Snapshots.readyWorker();
        worker.setStatus(worker.getStatus().withRevision("aaaaaaaaaa"));
        Instant now = Snapshots.CREATED.plusSeconds(60);
        WorkerSelectionPolicy selection = new WorkerSelectionPolicy();

        JobStatus status = selection
                .decide(Snapshots.of("{worker: w, workerRevision: bbbbbbbbbb}", now)
                        .worker(worker)
                        .snapshot())
                .orElseThrow()
                .status();
        assertThat(status.reason()).isEqualTo(Reasons.WORKER_REVISION_NOT_FOUND);
        assertThat(status.message())
                .isEqualTo(
                        "WorkerDefinition w is at revision aaaaaaaaaa, and bbbbbbbbbb, which spec.workerRevision asks for, is"
                                + " none of its earlier ones that are kept; apply that revision's content again, or change or"
                                + " remove spec.workerRevision");
        assertThat(selection.decide(Snapshots.of("{worker: w, workerRevision: aaaaaaaaaa}", now)
                        .worker(worker)
                        .snapshot()))
                .isEmpty();
    }

    @Test
    void aDefinitionOfTheSameBatchIsWaitedForInSilence() {
        JobDecision decision = decided(Snapshots.at(Snapshots.CREATED.plusMillis(999)));

        assertThat(decision.status().phase()).isNull();
        assertThat(decision.revisit()).isEqualTo(TOLD);
    }

    @Test
    void thenTheWaitIsToldWithItsEnd() {
        JobDecision decision = decided(Snapshots.at(TOLD));

        assertThat(decision.revisit()).isEqualTo(OVER);
        assertThat(decision.status().phase()).isEqualTo(Phase.QUEUED);
        assertThat(decision.status().reason()).isEqualTo(Reasons.NO_WORKER);
        assertThat(decision.status().message())
                .isEqualTo("No worker found for task type: t; waits for one until 2026-05-01T10:00:30Z");
        assertThat(decision.status().conditions())
                .allSatisfy(condition -> assertThat(condition.getMessage())
                        .isEqualTo(decision.status().message()))
                .extracting(Condition::getType)
                .containsExactly("Reconciling", "WorkerMissing");
    }

    @Test
    void aDefinitionThatIsReplacedDoesNotEndItsQueue() {
        Instant deleted = Snapshots.CREATED.plusSeconds(3600);
        JobDecision noticed = decided(Snapshots.ofWorker(deleted)
                .status(Snapshots.statusOf(Phase.QUEUED, Reasons.AT_CONCURRENCY_LIMIT, "waits")));

        assertThat(noticed.status().phase()).isEqualTo(Phase.QUEUED);
        assertThat(noticed.revisit()).isEqualTo(deleted.plusSeconds(30));
        assertThat(decided(Snapshots.ofWorker(deleted.plusSeconds(29)).status(noticed.status()))
                        .status())
                .isEqualTo(noticed.status());
        assertThat(decided(Snapshots.ofWorker(deleted.plusSeconds(30)).status(noticed.status()))
                        .status()
                        .phase())
                .isEqualTo(Phase.FAILED);
    }

    @Test
    void afterHalfAMinuteTheJobFails() {
        JobStatus status = decided(Snapshots.at(OVER)).status();

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(status.reason()).isEqualTo(Reasons.NO_WORKER);
        assertThat(status.error()).isNotNull();
        assertThat(status.error().type()).isEqualTo(Reasons.NO_WORKER);
        assertThat(status.error().message()).isEqualTo("No worker found for task type: t");
        assertThat(status.attempts()).isEmpty();
    }

    @Test
    void aMissingWorkerIsNamed() {
        assertThat(decided(Snapshots.ofWorker(OVER)).status().message())
                .isEqualTo("No WorkerDefinition named w in namespace ns");
    }

    @Test
    void aDefinitionThatIsNotReadyIsWaitedForWithoutEnd() {
        JobDecision decision =
                decided(Snapshots.at(OVER).worker(Snapshots.worker("False", "spec.source.file: there is no key x", 1)));

        assertThat(decision.revisit()).isNull();
        assertThat(decision.status().reason()).isEqualTo(Reasons.WORKER_NOT_READY);
        assertThat(decision.status().message())
                .isEqualTo("WorkerDefinition w is not ready: spec.source.file: there is no key x");
        assertThat(decision.status().worker()).isEqualTo("w");
    }

    @Test
    void aDefinitionThatChangedIsNotReadyBeforeItIsCheckedAgain() {
        assertThat(decided(Snapshots.at(OVER).worker(Snapshots.worker("True", "fine", 0)))
                        .status()
                        .message())
                .isEqualTo("WorkerDefinition w has not been checked yet");
        assertThat(decided(Snapshots.at(Snapshots.CREATED).worker(Snapshots.worker("True", "fine", 0)))
                        .status()
                        .phase())
                .isNull();
    }

    @Test
    void aJobThatAsksForNothingFailsAtOnce() {
        JobStatus status = decided(Snapshots.job(JobSpecBuilder.builder().build(), Snapshots.CREATED))
                .status();

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(status.message()).contains("spec.worker", "spec.type", "must be set");
    }

    @Test
    void aReadyWorkerIsNoneOfItsBusiness() {
        assertThat(policy.decide(
                        Snapshots.at(OVER).worker(Snapshots.readyWorker()).snapshot()))
                .isEmpty();
    }

    private JobDecision decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow();
    }
}
