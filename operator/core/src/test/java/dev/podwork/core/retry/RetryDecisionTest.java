package dev.podwork.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.job.Failures;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Classification;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.core.attempt.OutcomeClassifier;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryDecisionTest {

    private static final Classification VALUE_ERROR = raised("ValueError", "no samples in /data", null);

    @Test
    void unaskedThereIsOneAttempt() {
        assertThat(decided("{}", Failures.NONE, VALUE_ERROR)).isNull();
        assertThat(decided("{}", Failures.NONE, failure(Reasons.POD_LOST))).isNull();
    }

    @Test
    void unaskedAPodMayBeLostWhoseWorkerNeverHadTheJob() {
        assertThat(unstarted("{}", Failures.NONE, failure(Reasons.POD_LOST))).isEqualTo(new Failures(0, 1, 0));
        assertThat(unstarted("{}", new Failures(0, 3, 0), failure(Reasons.POD_LOST)))
                .isNull();
        assertThat(unstarted("{infrastructureRetries: 0}", Failures.NONE, failure(Reasons.POD_LOST)))
                .isNull();
        assertThat(unstarted("{}", Failures.NONE, failure(Reasons.START_TIMEOUT)))
                .isNull();
    }

    @Test
    void attemptsAreTriesInAll() {
        assertThat(decided("{attempts: 3}", Failures.NONE, VALUE_ERROR)).isEqualTo(new Failures(1, 0, 0));
        assertThat(decided("{attempts: 3}", new Failures(1, 0, 0), VALUE_ERROR)).isEqualTo(new Failures(2, 0, 0));
        assertThat(decided("{attempts: 3}", new Failures(2, 0, 0), VALUE_ERROR)).isNull();
    }

    @Test
    void infrastructureHasABudgetOfItsOwn() {
        String retry = "{attempts: 2, infrastructureRetries: 1}";

        assertThat(decided(retry, new Failures(1, 0, 0), failure(Reasons.POD_LOST)))
                .isEqualTo(new Failures(1, 1, 0));
        assertThat(decided(retry, new Failures(0, 1, 0), failure(Reasons.POD_LOST)))
                .isNull();
        assertThat(decided(retry, new Failures(0, 1, 0), VALUE_ERROR)).isEqualTo(new Failures(1, 1, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Reasons.CANCELLED,
                Reasons.NO_WORKER,
                Reasons.QUEUE_TIMEOUT,
                Reasons.TOTAL_TIMEOUT,
                Reasons.COMMAND_NOT_FOUND,
                Reasons.RESULT_TOO_LARGE,
                Reasons.RESULT_NOT_SERIALIZABLE
            })
    void anotherAttemptCannotHelpThese(String reason) {
        assertThat(decided("{attempts: 9}", Failures.NONE, failure(reason))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {Reasons.ATTEMPT_TIMEOUT, Reasons.START_TIMEOUT, Reasons.OUT_OF_MEMORY, Reasons.NON_ZERO_EXIT})
    void itMayHelpThese(String reason) {
        assertThat(decided("{attempts: 9}", Failures.NONE, failure(reason))).isEqualTo(new Failures(1, 0, 0));
    }

    @Test
    void theWorkersOwnWordIsFinal() {
        String always = "{attempts: 9, rules: [{classes: [Worker], action: Retry}]}";

        assertThat(decided(always, Failures.NONE, raised("E", "m", false))).isNull();
        assertThat(decided(always, Failures.NONE, raised("E", "m", true))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{exitCodes: [2, 3], action: Fail} | true",
                "{exitCodes: [4], action: Fail} | false",
                "{classes: [Worker], action: Fail} | true",
                "{classes: [Timeout], action: Fail} | false",
                "{errorTypes: [NonZeroExit], action: Fail} | true",
                "{errorTypes: [ValueError], action: Fail} | false",
                "{messagePattern: 'code [0-9] ', action: Fail} | true",
                "{messagePattern: '^code', action: Fail} | false",
                "{exitCodes: [3], messagePattern: 'no such', action: Fail} | false",
                "{exitCodes: [3], classes: [Worker], action: Fail} | true"
            })
    void aRuleAppliesWhenAllThatItNamesDoes(String rule, boolean fails) {
        Classification exited =
                OutcomeClassifier.classify(new Outcome.Exited(new Exit(3, "", false, "", List.of(), null)));

        assertThat(decided("{attempts: 9, rules: [%s]}".formatted(rule), Failures.NONE, exited) == null)
                .isEqualTo(fails);
    }

    @Test
    void theFirstRuleThatAppliesDecides() {
        String retry =
                "{attempts: 1, rules: [{errorTypes: [ValueError], action: Ignore}, {classes: [Worker], action: Fail}]}";

        assertThat(decided(retry, Failures.NONE, VALUE_ERROR)).isEqualTo(new Failures(0, 0, 1));
        assertThat(decided(retry, Failures.NONE, raised("KeyError", "m", null))).isNull();
    }

    @Test
    void ignoredFailuresEndSomeTime() {
        String retry = "{rules: [{classes: [Worker], action: Ignore}]}";

        assertThat(decided(retry, new Failures(0, 0, 999), VALUE_ERROR)).isNull();
    }

    @Test
    void aHostilePatternTakesNoTime() {
        String retry = "{attempts: 2, rules: [{messagePattern: '(a*)*(a*)*(a*)*b', action: Fail}]}";

        assertThat(decided(retry, Failures.NONE, raised("E", "a".repeat(1000), null)))
                .isNotNull();
    }

    @Test
    void everyFailureThatHasAClassIsAnAttempts() {
        assertThat(FailureClasses.of(Reasons.OUT_OF_MEMORY)).hasValue(FailureClass.OUT_OF_MEMORY);
        assertThat(FailureClasses.of(Reasons.POD_LOST)).hasValue(FailureClass.INFRASTRUCTURE);
        assertThat(FailureClasses.of(Reasons.CANCELLED)).isEmpty();
    }

    private static @Nullable Failures decided(String retry, Failures before, Classification failure) {
        return decided(retry, before, failure, true);
    }

    private static @Nullable Failures unstarted(String retry, Failures before, Classification failure) {
        return decided(retry, before, failure, false);
    }

    private static @Nullable Failures decided(String retry, Failures before, Classification failure, boolean hadJob) {
        return RetryDecision.of(Serialization.unmarshal("---\n" + retry, Retry.class), before, failure, hadJob, "uid")
                .map(RetryDecision::failures)
                .orElse(null);
    }

    private static Classification failure(String reason) {
        return Classification.failure(reason, "any");
    }

    private static Classification raised(String type, String message, @Nullable Boolean retriable) {
        return OutcomeClassifier.classify(
                new Outcome.Failure(Reasons.WORKER_ERROR, new JobError(type, message, null, null, retriable), null));
    }
}
