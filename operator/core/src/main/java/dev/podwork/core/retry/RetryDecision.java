package dev.podwork.core.retry;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.MemoryRaise;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryAction;
import dev.podwork.api.attempt.RetryRule;
import dev.podwork.api.job.Failures;
import dev.podwork.core.attempt.Classification;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That another attempt follows.
 *
 * @param failures what has failed by now, the last attempt included
 * @param delay how long to wait before it
 * @param raise how much more memory it gets; null for no more
 */
public record RetryDecision(
        Failures failures, Duration delay, @Nullable MemoryRaise raise) {

    /** Trying again can't help these, unless a rule says that it does. */
    private static final Set<FailureClass> FINAL = Set.of(FailureClass.IMAGE, FailureClass.PROTOCOL);

    /** How often a pod may be lost, unasked, whose worker never had the job: nothing can run twice then. */
    private static final int LOST_BEFORE_START = 3;

    /** Rules may ignore failures, and yet nothing goes on for ever. */
    private static final int MOST = 1000;

    /**
     * Empty when the failure is the job's.
     *
     * @param hadJob whether the failed attempt's worker may have begun
     */
    public static Optional<RetryDecision> of(
            Retry retry, Failures before, Classification failure, boolean hadJob, String jobUid) {
        return FailureClasses.of(failure.reason())
                .filter(failureClass -> !isFinal(failure))
                .flatMap(failureClass -> counted(retry, before, failure, failureClass, hadJob))
                .filter(after -> after.sum() < MOST)
                .map(after -> new RetryDecision(
                        after,
                        BackoffDelay.of(retry.backoff(), jobUid, after.sum()),
                        raise(retry, failure).orElse(null)));
    }

    private static Optional<MemoryRaise> raise(Retry retry, Classification failure) {
        return FailureClasses.of(failure.reason())
                .filter(failureClass -> failureClass == FailureClass.OUT_OF_MEMORY)
                .flatMap(failureClass -> RetryRules.first(retry.rules(), failure, failureClass))
                .map(RetryRule::raiseMemory);
    }

    private static boolean isFinal(Classification failure) {
        return failure.error() != null && Boolean.FALSE.equals(failure.error().retriable());
    }

    private static Optional<Failures> counted(
            Retry retry, Failures before, Classification failure, FailureClass failureClass, boolean hadJob) {
        Optional<RetryAction> rule =
                RetryRules.first(retry.rules(), failure, failureClass).map(RetryRule::action);
        if (rule.isEmpty() && failureClass == FailureClass.INFRASTRUCTURE) {
            int budget = Objects.requireNonNullElse(retry.infrastructureRetries(), hadJob ? 0 : LOST_BEFORE_START);
            return Optional.of(new Failures(before.counted(), before.infrastructure() + 1, before.ignored()))
                    .filter(after -> after.infrastructure() <= budget);
        }
        RetryAction action = rule.orElse(FINAL.contains(failureClass) ? RetryAction.FAIL : RetryAction.RETRY);
        return switch (action) {
            case FAIL -> Optional.empty();
            case IGNORE -> Optional.of(new Failures(before.counted(), before.infrastructure(), before.ignored() + 1));
            case RETRY ->
                Optional.of(new Failures(before.counted() + 1, before.infrastructure(), before.ignored()))
                        .filter(after -> after.counted() < Objects.requireNonNullElse(retry.attempts(), 1));
        };
    }
}
