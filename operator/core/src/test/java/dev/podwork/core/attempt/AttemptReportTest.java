package dev.podwork.core.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.Telemetry;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AttemptReportTest {

    private static final AttemptKey KEY = new AttemptKey("ns", "j", 1, "j-1", "uid");
    private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");

    @Test
    void aMeasurementIsNoNews() {
        AttemptReport before = report(3, null, null);

        assertThat(report(3, null, new Telemetry(1, START, 1, 1, 0, 1, null)).isNewsAfter(before))
                .isFalse();
    }

    @Test
    void whatElseItTellsIs() {
        AttemptReport before = report(3, null, null);

        assertThat(report(4, null, null).isNewsAfter(before)).isTrue();
        assertThat(report(3, new Outcome.Result(NullNode.getInstance()), null).isNewsAfter(before))
                .isTrue();
        assertThat(before.isNewsAfter(new AttemptReport(KEY, null, null, List.of(), 3, null)))
                .isTrue();
        assertThat(before.isNewsAfter(new AttemptReport(
                        new AttemptKey("ns", "j", 2, "j-2", "uid-2"), START, null, List.of(), 3, null)))
                .isTrue();
    }

    private static AttemptReport report(long sequence, @Nullable Outcome outcome, @Nullable Telemetry telemetry) {
        return new AttemptReport(KEY, START, null, List.of(), sequence, outcome, telemetry);
    }
}
