package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Telemetry;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LatestTelemetryTest {

    private static final Instant NOW = Snapshots.CREATED.plusSeconds(60);
    private static final Telemetry EARLIER = measured(1 << 20);
    private static final Telemetry LATEST = measured(2 << 20);

    private final JobDecisions decisions =
            new JobDecisions(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));

    @Test
    void aMeasurementAloneIsNotWorthAWrite() {
        Snapshots running = running(null, 3, null);
        JobStatus told = decide(running);

        assertThat(decide(running(LATEST, 3, null).status(told))).isEqualTo(told);
    }

    @Test
    void itIsToldWithWhateverElseIs() {
        assertThat(decide(running(LATEST, 4, null)).telemetry()).isEqualTo(LATEST);
        assertThat(decide(running(LATEST, 9, new Outcome.Result(IntNode.valueOf(1))))
                        .telemetry())
                .isEqualTo(LATEST);
    }

    @Test
    void itIsToldOfAWorkerThatIsEndedByALimit() {
        Snapshots given = running(LATEST, 3, null).pod(Snapshots.startingPod());
        Instant late = Snapshots.CREATED.plusSeconds(3600);
        JobSnapshot before = given.snapshot();
        JobStatus status = decisions
                .decide(new JobSnapshot(
                        before.job(),
                        before.status(),
                        Snapshots.readyWorker(),
                        before.pod(),
                        null,
                        before.report(),
                        null,
                        null,
                        null,
                        null,
                        before.watching(),
                        late))
                .status();

        assertThat(status.reason()).isEqualTo("AttemptTimeout");
        assertThat(status.telemetry()).isEqualTo(LATEST);
    }

    @Test
    void whatWasToldStaysWhereNothingWasMeasuredSince() {
        JobStatus status = decide(running(null, 9, new Outcome.Result(IntNode.valueOf(1)))
                .status(Snapshots.running().withTelemetry(EARLIER)));

        assertThat(status.telemetry()).isEqualTo(EARLIER);
    }

    private JobStatus decide(Snapshots given) {
        return Objects.requireNonNull(decisions.decide(given.snapshot()).status());
    }

    private static Snapshots running(@Nullable Telemetry telemetry, long sequence, @Nullable Outcome outcome) {
        return Snapshots.at(NOW)
                .status(Snapshots.running())
                .pod(Snapshots.startingPod())
                .report(new AttemptReport(
                        Snapshots.KEY,
                        Snapshots.CREATED.plusSeconds(1),
                        null,
                        List.of(),
                        sequence,
                        outcome,
                        telemetry));
    }

    private static Telemetry measured(long bytes) {
        return new Telemetry(1, NOW, bytes, bytes, 0.5, 1, null);
    }
}
