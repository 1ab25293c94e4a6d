package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.attempt.Contact;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EndingTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(60);
    private static final Instant DUE = NOW.plusSeconds(40);

    private final TerminalPolicy terminal = new TerminalPolicy();

    @Test
    void aWorkerThatHadTheJobHasTimeToEnd() {
        JobDecision ended = ended(working());

        assertThat(ended.remove()).isNull();
        assertThat(ended.revisit()).isEqualTo(DUE);
        assertThat(later(DUE.minusMillis(1), Snapshots.startingPod(), ended.status()))
                .isEqualTo(new JobDecision(ended.status(), null, null, DUE));
    }

    @Test
    void thenItsPodIsDeleted() {
        JobStatus ended = ended(working()).status();
        Pod pod = Snapshots.startingPod();

        assertThat(later(DUE, pod, ended)).isEqualTo(new JobDecision(ended, null, pod, null));
    }

    @Test
    void thePodSaysHowLongItsWorkerHasAfterSigterm() {
        Pod pod = new PodBuilder(Snapshots.startingPod())
                .editSpec()
                .withTerminationGracePeriodSeconds(120L)
                .endSpec()
                .build();

        assertThat(ended(working().pod(pod)).revisit()).isEqualTo(NOW.plusSeconds(130));
    }

    @Test
    void aWorkerThatCannotBeToldIsLeftToTheKubelet() {
        JobDecision decision = ended(working().contact(null));

        assertThat(decision.status().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(decision.remove()).isEqualTo(Snapshots.startingPod());
        assertThat(ended(working().contact(new Contact(NOW, false))).remove()).isEqualTo(Snapshots.startingPod());
    }

    @Test
    void oneThatHasEndedByItselfNeedNotBeTold() {
        assertThat(ended(working().contact(null).report(9, new Outcome.Result(NullNode.getInstance())))
                        .remove())
                .isNull();
    }

    @Test
    void aPodThatNeverHadTheJobIsDeletedAtOnce() {
        JobDecision ended = ended(Snapshots.at(NOW).pod(Snapshots.startingPod()));

        assertThat(ended.revisit()).isEqualTo(NOW);
        assertThat(later(NOW, Snapshots.startingPod(), ended.status()).remove()).isNotNull();
    }

    @Test
    void aPodThatHasEndedStaysWithItsLogs() {
        Pod pod = Snapshots.endedPod(0, "Completed", null);
        JobDecision ended = ended(Snapshots.at(NOW).pod(pod).status(Snapshots.running()));

        assertThat(ended.revisit()).isNull();
        assertThat(later(DUE, pod, ended.status())).isEqualTo(JobDecision.write(ended.status()));
    }

    @Test
    void aPodThatIsBeingDeletedIsNotDeletedAgain() {
        Pod pod = new PodBuilder(Snapshots.startingPod())
                .editMetadata()
                .withDeletionTimestamp(NOW.toString())
                .endMetadata()
                .build();
        JobDecision ended = ended(Snapshots.at(NOW).pod(pod).status(Snapshots.running()));

        assertThat(later(DUE, pod, ended.status())).isEqualTo(JobDecision.write(ended.status()));
    }

    private static Snapshots working() {
        return Snapshots.at(NOW)
                .pod(Snapshots.startingPod())
                .status(Snapshots.running())
                .connected();
    }

    private static JobDecision ended(Snapshots given) {
        return Ending.of(given.snapshot(), Classification.failure(Reasons.CANCELLED, "enough"));
    }

    private JobDecision later(Instant now, Pod pod, JobStatus status) {
        return terminal.decide(Snapshots.at(now).pod(pod).status(status).snapshot())
                .orElseThrow();
    }
}
