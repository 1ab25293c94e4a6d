package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.JobError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ended attempt means for its job.
 *
 * @param reason one of {@link dev.podwork.api.job.Reasons}
 * @param message the same for people
 * @param result what the worker returned; null when it failed
 * @param error why it failed; null when it returned
 */
public record Classification(
        String reason,
        String message,
        @Nullable JsonNode result,
        @Nullable JobError error,
        @Nullable Integer exitCode,
        @Nullable String signal,
        List<String> stderrTail) {

    public Classification {
        stderrTail = List.copyOf(stderrTail);
    }

    public boolean succeeded() {
        return error == null;
    }

    /** A failure that has no error of the worker's own: its reason and message are the error. */
    public static Classification failure(String reason, String message) {
        return new Classification(reason, message, null, error(reason, message), null, null, List.of());
    }

    /** The same ending with another cause. */
    public Classification becauseOf(String cause, String words) {
        return new Classification(cause, words, null, error(cause, words), exitCode, signal, stderrTail);
    }

    static JobError error(String type, String message) {
        return new JobError(type, message, null, null, null);
    }
}
