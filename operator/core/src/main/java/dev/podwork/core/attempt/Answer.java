package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import org.jspecify.annotations.Nullable;

/** Reads a worker's answer to {@code execute}: a JSON-RPC response, of which nothing but being an object is taken for granted. */
public final class Answer {

    private static final String NOT_SERIALIZABLE = "ResultNotSerializable";

    private Answer() {}

    public static Outcome outcome(JsonNode response, @Nullable Exit exit) {
        JsonNode error = response.path("error");
        if (error.isMissingNode() || error.isNull()) {
            JsonNode result = response.get("result");
            return new Outcome.Result(result == null ? NullNode.getInstance() : result);
        }
        JobError read = error(error);
        String reason = NOT_SERIALIZABLE.equals(read.type()) ? Reasons.RESULT_NOT_SERIALIZABLE : Reasons.WORKER_ERROR;
        return new Outcome.Failure(reason, read, exit);
    }

    private static JobError error(JsonNode error) {
        JsonNode data = error.path("data");
        return new JobError(
                text(data.path("type"), "Error"),
                error.isObject() ? text(error.path("message"), error.toString()) : text(error, error.toString()),
                data.path("stack").isTextual() ? data.get("stack").textValue() : null,
                data.path("code").isTextual() || data.path("code").isNumber() ? data.get("code") : null,
                data.path("retriable").isBoolean() ? data.get("retriable").booleanValue() : null);
    }

    private static String text(JsonNode node, String otherwise) {
        return node.isTextual() && !node.textValue().isEmpty() ? node.textValue() : otherwise;
    }
}
