package dev.podwork.core.job;

import dev.podwork.api.job.Telemetry;
import dev.podwork.core.attempt.AttemptReport;
import java.util.Optional;

/** What a worker uses is told along with whatever else there is to tell: by itself it is not worth a write. */
final class LatestTelemetry {

    private LatestTelemetry() {}

    static JobDecision toldAlong(JobSnapshot snapshot, JobDecision decision) {
        Optional<Telemetry> latest = Optional.ofNullable(snapshot.report()).map(AttemptReport::telemetry);
        return latest.isEmpty() || decision.status().equals(snapshot.status())
                ? decision
                : decision.telling(decision.status().withTelemetry(latest.get()));
    }
}
