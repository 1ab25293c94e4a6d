package dev.podwork.core.job;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes conditions, which keep the time of their last transition while their status stays the same. */
public record Conditions(List<Condition> before, Instant now) {

    public Condition isTrue(String type, String reason, String message) {
        return of(type, "True", reason, message);
    }

    public Condition isFalse(String type, String reason, String message) {
        return of(type, "False", reason, message);
    }

    private Condition of(String type, String status, String reason, String message) {
        String since = before.stream()
                .filter(condition -> type.equals(condition.getType()) && status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .findFirst()
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
    }
}
