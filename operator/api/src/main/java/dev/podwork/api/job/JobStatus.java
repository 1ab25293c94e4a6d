package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.Buildable;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a job, written by the operator alone. */
@JsonClassDescription("What is known of the job; the operator alone writes it.")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Buildable
public record JobStatus(
        @JsonPropertyDescription("The generation of the spec that this status is about.") @Nullable
        Long observedGeneration,

        @JsonPropertyDescription("Where the job stands. Succeeded, Failed and Cancelled are final.") @Nullable
        Phase phase,

        @JsonPropertyDescription("Why the job is in this phase, as one word.") @Nullable
        String reason,

        @JsonPropertyDescription("Why the job is in this phase, for people.") @Nullable
        String message,

        @JsonPropertyDescription("The WorkerDefinition that serves the job.") @Nullable
        String worker,

        @JsonPropertyDescription("When the worker first had the job.") @Nullable
        Instant startedAt,

        @JsonPropertyDescription("When the job ended.") @Nullable
        Instant completedAt,

        @JsonPropertyDescription("What the worker returned: any JSON value, also null.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable
        JsonNode result,

        @JsonPropertyDescription("Why the job failed, in the worker's own words where it had any.") @Nullable
        JobError error,

        @JsonPropertyDescription("How far the worker says that it is.") @Nullable
        Progress progress,

        @JsonPropertyDescription("One entry for each pod that was made for the job, in order: the last ten.")
        List<AttemptStatus> attempts,

        @JsonPropertyDescription("Complete, Failed or Cancelled once the job ended, and what stands in its way before.")
        List<Condition> conditions,

        @JsonPropertyDescription("Since when the job waits for its pod, if it was suspended before.") @Nullable
        Instant queuedAt,

        @JsonPropertyDescription("When the next attempt starts, or was to start, after one that failed.") @Nullable
        Instant nextAttemptAt,

        @JsonPropertyDescription("How many attempts failed and were followed by another.") @Nullable
        Failures failures,

        @JsonPropertyDescription("The worker's memory limit in the next attempts, when a retry rule has raised it.")
        @Nullable
        String raisedMemory,

        @JsonPropertyDescription(
                "What the worker used when it was last measured; it is written when something else is, and at the end.")
        @Nullable
        Telemetry telemetry)
        implements JobStatusBuilder.With {

    public JobStatus {
        attempts = attempts == null ? List.of() : List.copyOf(attempts);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
