package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** How many attempts at a job have failed and were followed by another. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Failures(
        @JsonPropertyDescription("Those that count against spec.retry.attempts.")
        int counted,

        @JsonPropertyDescription("Those that count against spec.retry.infrastructureRetries.")
        int infrastructure,

        @JsonPropertyDescription("Those that a rule ignored.")
        int ignored) {

    public static final Failures NONE = new Failures(0, 0, 0);

    public int sum() {
        return counted + infrastructure + ignored;
    }
}
