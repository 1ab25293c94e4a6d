package dev.podwork.api.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.podwork.api.Buildable;
import dev.podwork.api.attempt.FailureClass;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One try at a job, in one pod. */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Buildable
public record AttemptStatus(
        @JsonPropertyDescription("1 for the first.") int number,

        @JsonPropertyDescription("Name of the attempt's pod.")
        String pod,

        @JsonPropertyDescription("UID of the attempt's pod.") @Nullable
        String podUid,

        @JsonPropertyDescription("The node that the pod ran on.") @Nullable
        String node,

        @JsonPropertyDescription("When the worker had the job.") @Nullable
        Instant startedAt,

        @JsonPropertyDescription("When the attempt ended.") @Nullable
        Instant endedAt,

        @JsonPropertyDescription("The worker's exit code; 128 and the signal's number when a signal ended it.")
        @Nullable
        Integer exitCode,

        @JsonPropertyDescription("The signal that ended the worker.") @Nullable
        String signal,

        @JsonPropertyDescription("Why the attempt ended as it did, as one word.") @Nullable
        String reason,

        @JsonPropertyDescription("Why the attempt ended as it did, for people.") @Nullable
        String message,

        @JsonPropertyDescription("The last lines of the worker's stderr, when the attempt failed.")
        List<String> stderrTail,

        @JsonPropertyDescription("What the worker emitted, in order.")
        List<Emit> emits,

        @JsonPropertyDescription("Number of the worker's last message whose effects are recorded.") @Nullable
        Long acknowledged,

        @JsonPropertyDescription("Whose failure it was, when the attempt failed.") @Nullable
        FailureClass failureClass,

        @JsonPropertyDescription("The WorkerDefinition's revision that the attempt's pod was made from.") @Nullable
        String workerRevision,

        @JsonPropertyDescription("The worker's memory limit, when a retry rule has raised it.") @Nullable
        String memory,

        @JsonPropertyDescription("The WorkerDefinition that the attempt's pod was made from.") @Nullable
        String worker)
        implements AttemptStatusBuilder.With {

    public AttemptStatus {
        stderrTail = stderrTail == null ? List.of() : List.copyOf(stderrTail);
        emits = emits == null ? List.of() : List.copyOf(emits);
    }
}
