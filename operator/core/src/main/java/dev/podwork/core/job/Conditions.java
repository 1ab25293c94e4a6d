package dev.podwork.core.job;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Makes conditions that are true; one that was so before keeps the time since when. */
record Conditions(List<Condition> before, Instant now) {

    private static final String TRUE = "True";

    Condition isTrue(String type, String reason, String message) {
        return isTrueSince(type, since(before, type).orElse(now), reason, message);
    }

    static Condition isTrueSince(String type, Instant since, String reason, String message) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus(TRUE)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since.truncatedTo(ChronoUnit.SECONDS).toString())
                .build();
    }

    /** Since when a condition has been true; empty when it is not. */
    static Optional<Instant> since(List<Condition> conditions, String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()) && TRUE.equals(condition.getStatus()))
                .map(condition -> Instant.parse(condition.getLastTransitionTime()))
                .findFirst();
    }
}
