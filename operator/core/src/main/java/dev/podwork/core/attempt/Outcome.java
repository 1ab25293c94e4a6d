package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.JobError;
import org.jspecify.annotations.Nullable;

/** How an attempt ended, as far as its worker told. */
public sealed interface Outcome {

    /** The worker answered with a result, {@code NullNode} included. */
    record Result(JsonNode value) implements Outcome {}

    /**
     * The worker answered with an error, or its answer could not be taken.
     *
     * @param reason one of {@link dev.podwork.api.job.Reasons}
     * @param exit how the process ended, when that came soon after the answer
     */
    record Failure(String reason, JobError error, @Nullable Exit exit) implements Outcome {}

    /** The worker's process ended without an answer. */
    record Exited(Exit exit) implements Outcome {}
}
