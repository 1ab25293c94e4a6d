package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Failures;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetryingPolicyTest {

    private static final String RETRIED =
            "{worker: w, retry: {attempts: 30, backoff: {type: Fixed, base: 20s, jitter: 0}}}";
    private static final Instant FAILED = Snapshots.CREATED.plusSeconds(60);
    private static final Instant NEXT = FAILED.plusSeconds(20);

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void aFailureThatIsRetriedIsNoEnd() {
        JobDecision decision = failed();
        JobStatus status = decision.status();

        assertThat(status.phase()).isEqualTo(Phase.RETRYING);
        assertThat(status.reason()).isEqualTo(Reasons.NON_ZERO_EXIT);
        assertThat(status.message()).isEqualTo("Attempt 1 failed, attempt 2 starts at 2026-05-01T10:01:20Z. enough");
        assertThat(status.completedAt()).isNull();
        assertThat(status.error()).isNull();
        assertThat(status.nextAttemptAt()).isEqualTo(NEXT);
        assertThat(status.failures()).isEqualTo(new Failures(1, 0, 0));
        assertThat(decision.revisit()).isEqualTo(NEXT);
        assertThat(status.conditions()).extracting(Condition::getType).containsExactly("Reconciling");
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.endedAt()).isEqualTo(FAILED);
            assertThat(attempt.failureClass()).isEqualTo(FailureClass.WORKER);
        });
    }

    @Test
    void theNextAttemptWaitsForItsTime() {
        assertThat(decisions.decide(at(NEXT.minusMillis(1)).snapshot()))
                .isEqualTo(new JobDecision(failed().status(), null, null, NEXT));
    }

    @Test
    void thenItGetsAPodOfItsOwn() {
        Pod pod = decisions.decide(at(NEXT).snapshot()).pod();

        assertThat(pod).isNotNull();
        assertThat(pod.getMetadata().getName()).isEqualTo("j-2");
        assertThat(pod.getMetadata().getLabels()).containsEntry("podwork.dev/attempt", "2");
    }

    @Test
    void aPodThatHasEndedIsNotWaitedFor() {
        assertThat(decisions
                        .decide(at(NEXT).superseded(Snapshots.endedPod(1, "Error", null))
                                .snapshot())
                        .pod())
                .isNotNull();
    }

    @Test
    void onePodGoesBeforeAnotherComes() {
        Pod old = Snapshots.startingPod();
        Instant due = FAILED.plusSeconds(40);

        assertThat(decisions
                        .decide(at(due.minusMillis(1)).superseded(old).snapshot())
                        .revisit())
                .isEqualTo(due);
        JobDecision decision = decisions.decide(at(due).superseded(old).snapshot());
        assertThat(decision.remove()).isEqualTo(old);
        assertThat(decision.pod()).isNull();
    }

    @Test
    void thePodOfAJobThatEndsMeanwhileGoesToo() {
        JobDecision decision = decisions.decide(Snapshots.of("{worker: w, data: 1, cancelled: true}", NEXT)
                .worker(Snapshots.readyWorker())
                .status(failed().status())
                .superseded(Snapshots.startingPod())
                .snapshot());

        assertThat(decision.status().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(decision.revisit()).isEqualTo(NEXT.plusSeconds(40));
    }

    @Test
    void norDoesAnotherComeWhenTheJobWaitsForSomethingElseToo() {
        JobStatus refused = NextStatus.waiting(at(NEXT).snapshot(), Phase.QUEUED, Reasons.POD_REFUSED, "quota");

        assertThat(decisions
                        .decide(at(NEXT).status(refused)
                                .superseded(Snapshots.startingPod())
                                .snapshot())
                        .pod())
                .isNull();
    }

    @Test
    void aWorkerThatCannotBeToldIsLeftToTheKubelet() {
        JobDecision decision = fail(Snapshots.of(RETRIED, FAILED)
                .worker(Snapshots.readyWorker())
                .status(Snapshots.running())
                .pod(Snapshots.startingPod()));

        assertThat(decision.status().phase()).isEqualTo(Phase.RETRYING);
        assertThat(decision.remove()).isEqualTo(Snapshots.startingPod());
        assertThat(decision.revisit()).isEqualTo(NEXT);
    }

    @Test
    void aPodOnANodeThatNoLongerAnswersIsNotWaitedForForEver() {
        Pod deleted = new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withDeletionTimestamp(NEXT.toString())
                .endMetadata()
                .build();
        Instant gone = NEXT.plusSeconds(30);

        assertThat(decisions.decide(at(NEXT).superseded(deleted).snapshot()).revisit())
                .isEqualTo(gone);
        assertThat(decisions.decide(at(gone).superseded(deleted).snapshot()).pod())
                .isNotNull();
    }

    @Test
    void theLastTenAttemptsAreKept() {
        JobStatus status = failed().status();
        for (int number = 2; number <= 12; number++) {
            Snapshots next = at(NEXT).status(status).pod(Snapshots.startingPod());
            status = fail(next).status();
        }

        assertThat(status.attempts())
                .extracting(AttemptStatus::number)
                .containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(status.failures()).isEqualTo(new Failures(12, 0, 0));
        assertThat(JobSnapshot.attemptNumber(status)).isEqualTo(13);
        Snapshots running = at(NEXT).status(status).pod(Snapshots.startingPod());
        assertThat(NextStatus.running(running.snapshot()).attempts())
                .as("the one that runs is one of them")
                .extracting(AttemptStatus::number)
                .containsExactly(4, 5, 6, 7, 8, 9, 10, 11, 12, 13);
    }

    @Test
    void aCancelledJobIsNotRetried() {
        JobDecision decision = fail(Snapshots.of("{worker: w, cancelled: true, retry: {attempts: 3}}", FAILED)
                .pod(Snapshots.startingPod()));

        assertThat(decision.status().phase()).isEqualTo(Phase.FAILED);
    }

    private static Snapshots at(Instant now) {
        return Snapshots.of(RETRIED, now).worker(Snapshots.readyWorker()).status(failed().status());
    }

    private static JobDecision failed() {
        return fail(Snapshots.of(RETRIED, FAILED)
                .worker(Snapshots.readyWorker())
                .status(Snapshots.running())
                .pod(Snapshots.startingPod())
                .connected());
    }

    private static JobDecision fail(Snapshots given) {
        return Ending.of(given.snapshot(), Classification.failure(Reasons.NON_ZERO_EXIT, "enough"));
    }
}
