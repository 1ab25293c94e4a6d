package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.core.attempt.AttemptReport;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningPolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    private final RunningPolicy policy = new RunningPolicy();

    @Test
    void aReportOfTheStartMakesTheJobRun() {
        JobStatus status =
                decided(Snapshots.at(NOW).pod(Snapshots.startingPod()).report(1, null));

        assertThat(status.phase()).isEqualTo(Phase.RUNNING);
        assertThat(status.startedAt()).isEqualTo(Snapshots.CREATED.plusSeconds(1));
        assertThat(status.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getType()).isEqualTo("Reconciling");
            assertThat(condition.getLastTransitionTime()).isEqualTo("2026-05-01T10:00:20Z");
        });
        assertThat(status.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.startedAt()).isEqualTo(Snapshots.CREATED.plusSeconds(1)));
    }

    @Test
    void theSameReportChangesNothingTheSecondTime() {
        Snapshots given = Snapshots.at(NOW).pod(Snapshots.startingPod()).report(1, null);
        JobStatus first = decided(given);

        assertThat(decided(given.status(first))).isEqualTo(first);
    }

    @Test
    void emitsThatAreRecordedAreNotComparedAgain() {
        Snapshots before = Snapshots.at(NOW)
                .pod(Snapshots.startingPod())
                .report(reportOf(5, new Emit(5, "e", LongNode.valueOf(7))));
        JobStatus recorded = decided(before);
        // The same number, as it comes back from the API server.
        JobStatus read = withEmits(recorded, List.of(new Emit(5, "e", IntNode.valueOf(7))));

        assertThat(decided(before.status(read))).isEqualTo(read);
    }

    @Test
    void progressAndEmitsAreTakenOver() {
        Snapshots given = Snapshots.at(NOW)
                .pod(Snapshots.startingPod())
                .status(Snapshots.running())
                .report(new AttemptReport(
                        Snapshots.KEY,
                        NOW,
                        new Progress(10, null),
                        List.of(new Emit(4, "e", IntNode.valueOf(1))),
                        4,
                        null));

        assertThat(decided(given)).satisfies(status -> {
            assertThat(status.progress()).isEqualTo(new Progress(10, null));
            assertThat(status.attempts().get(0).emits()).hasSize(1);
            assertThat(status.attempts().get(0).acknowledged()).isEqualTo(4);
            assertThat(status.startedAt()).isEqualTo(Snapshots.CREATED.plusSeconds(1));
        });
    }

    @Test
    void aRunningJobWithoutAReportIsLeftAlone() {
        assertThat(decided(Snapshots.at(NOW).pod(Snapshots.startingPod()).status(Snapshots.running())))
                .isEqualTo(Snapshots.running());
    }

    @Test
    void aSessionThatHasNotGivenTheJobYetIsNoStart() {
        assertThat(policy.decide(Snapshots.at(NOW)
                        .report(new AttemptReport(Snapshots.KEY, null, null, List.of(), 0, null))
                        .snapshot()))
                .isEmpty();
    }

    private JobStatus decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow().status();
    }

    private static AttemptReport reportOf(long sequence, Emit emit) {
        return new AttemptReport(Snapshots.KEY, Snapshots.CREATED.plusSeconds(1), null, List.of(emit), sequence, null);
    }

    private static JobStatus withEmits(JobStatus status, List<Emit> emits) {
        AttemptStatus attempt = status.attempts().get(0);
        return status.withAttempts(List.of(attempt.withEmits(emits)));
    }
}
