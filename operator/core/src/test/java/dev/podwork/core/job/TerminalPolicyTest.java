package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.core.attempt.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TerminalPolicyTest {

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"SUCCEEDED", "FAILED", "CANCELLED"})
    void whatHasEndedStaysSo(Phase phase) {
        JobStatus ended = Snapshots.statusOf(phase, "any", "any");
        JobSnapshot snapshot = Snapshots.at(Snapshots.CREATED)
                .status(ended)
                .report(9, new Outcome.Result(IntNode.valueOf(1)))
                .snapshot();

        assertThat(new TerminalPolicy().decide(snapshot)).hasValue(JobDecision.write(ended));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SUCCEEDED", "FAILED", "CANCELLED"})
    void whatHasNotIsNoneOfItsBusiness(Phase phase) {
        JobSnapshot snapshot = Snapshots.at(Snapshots.CREATED)
                .status(Snapshots.statusOf(phase, "any", "any"))
                .snapshot();

        assertThat(new TerminalPolicy().decide(snapshot)).isEmpty();
    }
}
