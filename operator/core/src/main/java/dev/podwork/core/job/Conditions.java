package dev.podwork.core.job;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes conditions that are true; one that was so before keeps the time since when. */
record Conditions(List<Condition> before, Instant now) {

    private static final String TRUE = "True";

    Condition isTrue(String type, String reason, String message) {
        String since = before.stream()
                .filter(condition -> type.equals(condition.getType()) && TRUE.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(TRUE)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
    }
}
