package dev.podwork.context.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import dev.podwork.core.attempt.Answer;
import dev.podwork.core.attempt.Exit;
import dev.podwork.core.attempt.Outcome;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.Text;
import dev.podwork.protocol.jsonrpc.Content;
import dev.podwork.protocol.relay.ExitReport;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** What a worker's answer to {@code execute} means for its attempt. */
final class Answers {
    private static final int TYPE_LENGTH = 256;
    private static final int MESSAGE_LENGTH = 8 * 1024;
    private static final int STACK_LENGTH = 32 * 1024;
    private static final int CODE_LENGTH = 256;

    private Answers() {}

    static Outcome result(Content value) {
        if (value.isDropped()) {
            return tooLarge(value.length());
        }
        int size = Json.size(value.tree());
        if (size > Limits.RESULT_BYTES) {
            return tooLarge(size);
        }
        return Numbers.firstOutOfRange(value.tree())
                .map(path -> notSerializable("the number at result" + path + " is beyond the range of a double"))
                .orElseGet(() -> new Outcome.Result(value.tree()));
    }

    static Outcome tooLarge(long bytes) {
        return failure(
                Reasons.RESULT_TOO_LARGE,
                "the result is " + bytes + " bytes of JSON; at most " + Limits.RESULT_BYTES
                        + " can be kept: store it elsewhere and return where");
    }

    static Outcome notSerializable(String why) {
        return failure(Reasons.RESULT_NOT_SERIALIZABLE, "the result can't be kept as JSON: " + why);
    }

    private static Outcome failure(String reason, String message) {
        return new Outcome.Failure(reason, new JobError(reason, message, null, null, null), null);
    }

    /** Whatever a worker may have put there, made short enough for a status. */
    static Outcome error(JsonNode error) {
        Outcome outcome = Answer.outcome(Json.mapper().createObjectNode().set("error", error), null);
        return outcome instanceof Outcome.Failure failure
                ? new Outcome.Failure(failure.reason(), bounded(failure.error()), null)
                : outcome;
    }

    private static JobError bounded(JobError error) {
        String stack = error.stack();
        JsonNode code = error.code();
        return new JobError(
                Text.shorten(error.type(), TYPE_LENGTH),
                Text.shorten(error.message(), MESSAGE_LENGTH),
                stack == null ? null : Text.shorten(stack, STACK_LENGTH),
                code == null || Numbers.firstOutOfRange(code).isPresent() || Json.size(code) > CODE_LENGTH
                        ? null
                        : code,
                error.retriable());
    }

    static Exit exit(ExitReport report) {
        return new Exit(report.code(), report.signal(), report.oomKilled(), report.error(), report.stderrTail(), null);
    }

    /** Whether a message of which only the beginning can be read is the answer to {@code execute}. */
    static boolean looksLikeAnswer(String head) {
        Set<String> names = new HashSet<>();
        try (JsonParser parser = Json.envelopeFactory().createParser(head)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                names.add(parser.currentName());
                parser.nextToken();
                parser.skipChildren();
                parser.finishToken();
            }
        } catch (IOException e) {
            // Where the beginning ends: the names so far are what there is to go by.
        }
        return (names.contains("result") || names.contains("error"))
                && !names.contains("method")
                && !names.contains("params");
    }
}
