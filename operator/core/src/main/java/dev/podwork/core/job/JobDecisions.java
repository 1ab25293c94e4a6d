package dev.podwork.core.job;

import dev.podwork.core.pod.PodTemplate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The policies in their order of precedence: the first that knows the situation decides. */
public final class JobDecisions {

    private final List<JobPolicy> policies;

    public JobDecisions(PodTemplate template) {
        this(policies(template));
    }

    JobDecisions(List<JobPolicy> policies) {
        this.policies = policies;
    }

    static List<JobPolicy> policies(PodTemplate template) {
        return List.of(
                new TerminalPolicy(),
                new OutcomePolicy(),
                new CancellationPolicy(),
                new PodLostPolicy(),
                new PodEndPolicy(),
                new TimeLimitPolicy(),
                new SuspensionPolicy(),
                new RunningPolicy(),
                new HopelessStartPolicy(),
                new StartingPolicy(),
                new RetryingPolicy(),
                new HoldPolicy(),
                new WorkerSelectionPolicy(),
                new AdmissionPolicy(),
                new PodCreationPolicy(template));
    }

    public JobDecision decide(JobSnapshot snapshot) {
        JobDecision decision = policies.stream()
                .map(policy -> policy.decide(snapshot))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> JobDecision.nothing(snapshot));
        return LatestTelemetry.toldAlong(snapshot, decision).by(due(snapshot));
    }

    /** One that has passed and yet did not decide is outranked, and would be due again at once, over and over. */
    private static @Nullable Instant due(JobSnapshot snapshot) {
        return TimeLimit.next(snapshot)
                .map(TimeLimit::due)
                .filter(due -> due.isAfter(snapshot.now()))
                .orElse(null);
    }
}
