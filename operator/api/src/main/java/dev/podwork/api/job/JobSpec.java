package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.Buildable;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.Timeouts;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What to run. Exactly one of {@code worker} and {@code type} says which worker does it. */
@JsonClassDescription("What to run: a worker, or a task type that a worker serves, and its input.")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.worker) != has(self.type)",
        message =
                "exactly one of spec.worker (a WorkerDefinition's name) and spec.type (one of its taskTypes) must be set")
@ValidationRule(
        value = "!has(self.worker) || self.worker.matches('^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$')",
        message = "spec.worker must be the name of a WorkerDefinition, so lower-case letters, digits, '-' and '.';"
                + " for a task type such as train_model set spec.type instead")
@ValidationRule(
        value = "!has(self.type) || self.type.trim() == self.type",
        message = "spec.type must not begin or end with blanks; remove them")
@ValidationRule(
        value = "has(self.worker) == has(oldSelf.worker) && (!has(self.worker) || self.worker == oldSelf.worker)",
        message = "spec.worker can't be changed; create another Job instead")
@ValidationRule(
        value = "has(self.type) == has(oldSelf.type) && (!has(self.type) || self.type == oldSelf.type)",
        message = "spec.type can't be changed; create another Job instead")
@ValidationRule(
        value = "has(self.flow) == has(oldSelf.flow) && (!has(self.flow) || self.flow == oldSelf.flow)",
        message = "spec.flow can't be changed; create another Job instead")
@ValidationRule(
        value = "!(has(oldSelf.cancelled) && oldSelf.cancelled) || (has(self.cancelled) && self.cancelled)",
        message = "spec.cancelled can't be taken back; create another Job instead")
@ValidationRule(
        value =
                "has(self.timeouts) == has(oldSelf.timeouts) && (!has(self.timeouts) || self.timeouts == oldSelf.timeouts)",
        message = "spec.timeouts can't be changed; create another Job instead")
@ValidationRule(
        value = "!has(self.workerRevision) || self.workerRevision.matches('^[0-9a-f]{10}$')",
        message = "spec.workerRevision must be a WorkerDefinition's status.revision, such as 3f8a1c09be; correct it, or"
                + " remove it")
@Buildable
public record JobSpec(
        @JsonPropertyDescription("Name of the WorkerDefinition that runs this job.") @Size(min = 1, max = 63) @Nullable
        String worker,

        @JsonPropertyDescription(
                "Task type: a WorkerDefinition serves it that lists it in taskTypes, or has it as its name.")
        @Size(min = 1, max = 253)
        @Nullable
        String type,

        @JsonPropertyDescription("The job's input: any JSON value.") @Nullable
        JsonNode data,

        @JsonPropertyDescription("The flow that this job is a step of.") @Nullable
        FlowReference flow,

        @JsonPropertyDescription("The job does not start before this time, such as 2026-05-01T10:00:00Z.")
        @Pattern(TIME)
        @Nullable
        Instant notBefore,

        @JsonPropertyDescription(
                "While true, the job does not start. A running attempt is ended, and another follows when this is false again.")
        @Nullable
        Boolean suspended,

        @JsonPropertyDescription("True ends the job, for good: a running worker is told to end, then made to.")
        @Nullable
        Boolean cancelled,

        @JsonPropertyDescription("How long the job may take; overrides the WorkerDefinition's, each limit by itself.")
        @Nullable
        Timeouts timeouts,

        @JsonPropertyDescription(
                "When there is another attempt; overrides the WorkerDefinition's, each field by itself.")
        @Nullable
        Retry retry,

        @JsonPropertyDescription(
                "Which of the jobs that wait for the same worker starts first: the highest, then the oldest. 0 when absent.")
        @Min(Integer.MIN_VALUE)
        @Max(Integer.MAX_VALUE)
        @Nullable
        Integer priority,

        @JsonPropertyDescription(
                "The status.revision of its WorkerDefinition that each attempt is made from, also when the definition has changed since. The current one when absent.")
        @Size(max = 63)
        @Nullable
        String workerRevision,

        @JsonPropertyDescription(
                "Whether the result is to come in parts, where the worker can do both; the WorkerDefinition's choice when absent.")
        @Nullable
        Boolean stream,

        @JsonPropertyDescription("What the worker is told of the job beside its input, as job.metadata.") @Nullable
        Map<String, JsonNode> metadata)
        implements JobSpecBuilder.With {

    private static final String TIME =
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$";

    public JobSpec {
        metadata = metadata == null || metadata.isEmpty()
                ? null
                : Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    public int priorityOrDefault() {
        return priority == null ? 0 : priority;
    }

    @JsonIgnore
    public boolean isCancelled() {
        return Boolean.TRUE.equals(cancelled);
    }

    @JsonIgnore
    public boolean isSuspended() {
        return Boolean.TRUE.equals(suspended);
    }
}
