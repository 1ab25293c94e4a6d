package dev.podwork.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.Retry;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpec;
import dev.podwork.core.model.History;
import dev.podwork.core.pod.PodSettings;
import dev.podwork.core.pod.PodTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model test can fail: decisions that are wrong in one place violate an invariant within a few histories. */
class MutantsTest {

    private static final long MOST = 20_000;

    private final List<JobPolicy> policies =
            JobDecisions.policies(new PodTemplate(() -> new PodSettings("r", "p", "n", null, "h:1", "ca")));
    private final JobDecisions decisions = new JobDecisions(policies);

    @ParameterizedTest
    @ValueSource(
            classes = {
                TerminalPolicy.class,
                OutcomePolicy.class,
                CancellationPolicy.class,
                PodLostPolicy.class,
                PodEndPolicy.class,
                TimeLimitPolicy.class,
                RunningPolicy.class,
                RetryingPolicy.class,
                HoldPolicy.class
            })
    void withoutAPolicy(Class<?> missing) {
        List<JobPolicy> rest = new ArrayList<>(policies);
        rest.removeIf(missing::isInstance);

        isCaught("without " + missing.getSimpleName(), new JobDecisions(rest)::decide);
    }

    @Test
    void moreAttemptsThanThereAre() {
        isCaught(
                "another attempt than there are",
                snapshot ->
                        decisions.decide(retried(snapshot, retry -> retry.withAttempts(plusOne(retry.attempts())))));
    }

    @Test
    void moreLostPodsThanAreForgiven() {
        isCaught(
                "another lost pod than is forgiven",
                snapshot -> decisions.decide(retried(
                        snapshot, retry -> retry.withInfrastructureRetries(plusOne(retry.infrastructureRetries())))));
    }

    @Test
    void blindToThePodOfTheAttemptBefore() {
        isCaught(
                "the next attempt while the one before may work",
                snapshot ->
                        decisions.decide(Snapshots.of(snapshot).superseded(null).snapshot()));
    }

    @Test
    void noTimeToTell() {
        isCaught(
                "a lost pod before it was sought for",
                snapshot -> decisions.decide(
                        Snapshots.of(snapshot).pod(null).endSeen(null).snapshot()));
    }

    @Test
    void aLimitThatIsDueOverAndOver() {
        isCaught(
                "a limit that is outranked and due",
                snapshot -> decisions
                        .decide(snapshot)
                        .by(TimeLimit.next(snapshot).map(TimeLimit::due).orElse(null)));
    }

    @Test
    void aTimerThatIsForgotten() {
        isCaught("no timers", snapshot -> {
            JobDecision decision = decisions.decide(snapshot);
            return new JobDecision(decision.status(), decision.pod(), decision.remove(), null);
        });
    }

    @Test
    void aPodThatLingers() {
        isCaught("no pod is ever removed", snapshot -> {
            JobDecision decision = decisions.decide(snapshot);
            return new JobDecision(decision.status(), decision.pod(), null, decision.revisit());
        });
    }

    private static void isCaught(String mutant, Function<JobSnapshot, JobDecision> wrong) {
        for (long seed = 0; seed < MOST; seed++) {
            Optional<String> violation = violation(new History(seed, wrong));
            if (violation.isPresent()) {
                System.out.printf("%s: caught by history %d: %s%n", mutant, seed, violation.get());
                return;
            }
        }
        assertThat(mutant).as("%d histories did not notice", MOST).isEmpty();
    }

    private static Optional<String> violation(History history) {
        try {
            history.run();
            return Optional.empty();
        } catch (AssertionError violation) {
            return String.valueOf(violation.getMessage()).lines().findFirst();
        }
    }

    private static JobSnapshot retried(JobSnapshot snapshot, UnaryOperator<Retry> mistake) {
        JobSpec spec = snapshot.job().getSpec();
        Job job = new Job();
        job.setMetadata(snapshot.job().getMetadata());
        job.setSpec(spec.withRetry(mistake.apply(spec.retry())));
        job.setStatus(snapshot.job().getStatus());
        return Snapshots.of(snapshot).job(job).snapshot();
    }

    private static int plusOne(@Nullable Integer budget) {
        return budget == null ? 1 : budget + 1;
    }
}
