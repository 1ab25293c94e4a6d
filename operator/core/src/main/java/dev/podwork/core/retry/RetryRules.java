package dev.podwork.core.retry;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.RetryRule;
import dev.podwork.core.attempt.Classification;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first rule that applies to a failure decides. */
final class RetryRules {

    private RetryRules() {}

    static Optional<RetryRule> first(List<RetryRule> rules, Classification failure, FailureClass failureClass) {
        return rules.stream()
                .filter(rule -> applies(rule, failure, failureClass))
                .findFirst();
    }

    private static boolean applies(RetryRule rule, Classification failure, FailureClass failureClass) {
        return allows(rule.exitCodes(), failure.exitCode())
                && allows(rule.classes(), failureClass)
                && allows(
                        rule.errorTypes(),
                        failure.error() == null ? null : failure.error().type())
                && (rule.messagePattern() == null || isFound(rule.messagePattern(), failure.message()));
    }

    private static <T> boolean allows(List<T> named, @Nullable T actual) {
        return named.isEmpty() || (actual != null && named.contains(actual));
    }

    /** In time linear in the message, whatever the pattern; the API server refuses broken ones. */
    private static boolean isFound(String pattern, String message) {
        try {
            return Pattern.compile(pattern).matcher(message).find();
        } catch (PatternSyntaxException broken) {
            return false;
        }
    }
}
