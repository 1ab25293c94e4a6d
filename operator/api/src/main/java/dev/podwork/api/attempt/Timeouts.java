package dev.podwork.api.attempt;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** How long a job, or an attempt at it, may take. What is absent has no limit, except {@code attempt}. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.queue) || (self.queue.matches('" + GoDuration.PARTS + "') && self.queue.matches('[1-9]'))",
        message = "spec.timeouts.queue " + GoDuration.REFUSAL)
@ValidationRule(
        value = "!has(self.start) || (self.start.matches('" + GoDuration.PARTS + "') && self.start.matches('[1-9]'))",
        message = "spec.timeouts.start " + GoDuration.REFUSAL)
@ValidationRule(
        value = "!has(self.attempt) || (self.attempt.matches('" + GoDuration.PARTS
                + "') && self.attempt.matches('[1-9]'))",
        message = "spec.timeouts.attempt " + GoDuration.REFUSAL)
@ValidationRule(
        value = "!has(self.idle) || (self.idle.matches('" + GoDuration.PARTS + "') && self.idle.matches('[1-9]'))",
        message = "spec.timeouts.idle " + GoDuration.REFUSAL)
@ValidationRule(
        value = "!has(self.total) || (self.total.matches('" + GoDuration.PARTS + "') && self.total.matches('[1-9]'))",
        message = "spec.timeouts.total " + GoDuration.REFUSAL)
@Buildable
public record Timeouts(
        @JsonPropertyDescription("From when the job may start until it has a pod. No limit when absent.")
        @Size(max = GoDuration.MAX_LENGTH)
        @Nullable
        String queue,

        @JsonPropertyDescription("From its pod's creation until the worker has the job. No limit when absent.")
        @Size(max = GoDuration.MAX_LENGTH)
        @Nullable
        String start,

        @JsonPropertyDescription(
                "From when the worker has the job until it has ended. When absent, 5m for runtime python and image, 10m for node.")
        @Size(max = GoDuration.MAX_LENGTH)
        @Nullable
        String attempt,

        @JsonPropertyDescription(
                "How long the worker may send no message after it has the job: a call, a log line, progress. No limit when absent.")
        @Size(max = GoDuration.MAX_LENGTH)
        @Nullable
        String idle,

        @JsonPropertyDescription(
                "From when the job may start until it has ended, all attempts together. No limit when absent.")
        @Size(max = GoDuration.MAX_LENGTH)
        @Nullable
        String total)
        implements TimeoutsBuilder.With {

    public static final Timeouts NONE = TimeoutsBuilder.builder().build();

    /** These, and where they say nothing, the others. */
    public Timeouts or(@Nullable Timeouts others) {
        return others == null
                ? this
                : new Timeouts(
                        queue == null ? others.queue : queue,
                        start == null ? others.start : start,
                        attempt == null ? others.attempt : attempt,
                        idle == null ? others.idle : idle,
                        total == null ? others.total : total);
    }
}
