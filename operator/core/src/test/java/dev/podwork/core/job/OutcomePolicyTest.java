package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Progress;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomePolicyTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(20);

    private final OutcomePolicy policy = new OutcomePolicy();

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "0", "\"\"", "{\"accuracy\":0.95}"})
    void anyResultIsASuccess(String json) throws IOException {
        JsonNode result = new JsonMapper().readTree(json);
        JobStatus status = decided(Snapshots.at(NOW).status(Snapshots.running()).report(9, new Outcome.Result(result)));

        assertThat(status.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(status.result()).isEqualTo(result);
        assertThat(status.error()).isNull();
        assertThat(status.completedAt()).isEqualTo(NOW);
        assertThat(status.conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.getType()).isEqualTo("Complete");
            assertThat(condition.getStatus()).isEqualTo("True");
        });
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.endedAt()).isEqualTo(NOW);
            assertThat(attempt.reason()).isEqualTo(Reasons.SUCCEEDED);
            assertThat(attempt.acknowledged()).isEqualTo(9);
        });
    }

    @Test
    void anErrorFailsTheJobInTheWorkersWords() {
        JobError error = new JobError("ValueError", "no samples", "Traceback ...", null, true);
        JobStatus status = decided(Snapshots.at(NOW)
                .status(Snapshots.running())
                .report(9, new Outcome.Failure(Reasons.WORKER_ERROR, error, exit(1, ""))));

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(status.reason()).isEqualTo(Reasons.WORKER_ERROR);
        assertThat(status.message()).isEqualTo("ValueError: no samples");
        assertThat(status.error()).isEqualTo(error);
        assertThat(status.attempts().get(0).exitCode()).isEqualTo(1);
        assertThat(status.conditions()).extracting(Condition::getType).containsExactly("Failed", "Stalled");
    }

    @Test
    void whatCameWithTheOutcomeIsKept() {
        Emit emit = new Emit(4, "model.trained", new JsonMapper().createObjectNode());
        JobStatus status = decided(Snapshots.at(NOW)
                .pod(Snapshots.startingPod())
                .report(new AttemptReport(
                        Snapshots.KEY,
                        Snapshots.CREATED.plusSeconds(2),
                        new Progress(50, "half"),
                        List.of(emit),
                        9,
                        new Outcome.Result(new JsonMapper().nullNode()))));

        assertThat(status.progress()).isEqualTo(new Progress(50, "half"));
        assertThat(status.startedAt()).isEqualTo(Snapshots.CREATED.plusSeconds(2));
        assertThat(status.worker()).isEqualTo("w");
        assertThat(status.attempts()).singleElement().satisfies(attempt -> {
            assertThat(attempt.emits()).containsExactly(emit);
            assertThat(attempt.node()).isEqualTo("n1");
            assertThat(attempt.podUid()).isEqualTo(Snapshots.POD_UID);
        });
    }

    @Test
    void aSignalThatCameWithThePodsDeletionIsALostPod() {
        JobStatus status = decided(Snapshots.at(NOW)
                .status(Snapshots.running())
                .pod(new PodBuilder(Snapshots.startingPod())
                        .editMetadata()
                        .withDeletionTimestamp(NOW.toString())
                        .endMetadata()
                        .build())
                .report(9, new Outcome.Exited(exit(143, "SIGTERM"))));

        assertThat(status.reason()).isEqualTo(Reasons.POD_LOST);
        assertThat(status.error()).isNotNull();
        assertThat(status.error().type()).isEqualTo(Reasons.POD_LOST);
        assertThat(status.attempts().get(0).signal()).isEqualTo("SIGTERM");
    }

    @Test
    void aSignalOtherwiseIsTheWorkersEnd() {
        JobStatus status = decided(
                Snapshots.at(NOW).pod(Snapshots.startingPod()).report(9, new Outcome.Exited(exit(137, "SIGKILL"))));

        assertThat(status.reason()).isEqualTo(Reasons.SIGNALLED);
    }

    @Test
    void withoutAnOutcomeItHasNothingToSay() {
        assertThat(policy.decide(Snapshots.at(NOW).report(3, null).snapshot())).isEmpty();
        assertThat(policy.decide(Snapshots.at(NOW).snapshot())).isEmpty();
    }

    private JobStatus decided(Snapshots given) {
        return policy.decide(given.snapshot()).orElseThrow().status();
    }

    private static Exit exit(int code, String signal) {
        return new Exit(code, signal, false, "", List.of(), null);
    }
}
