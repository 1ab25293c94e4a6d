package dev.podwork.core.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what a shim left as its container's termination message. The worker could have written anything there instead. */
public final class TerminationMessage {

    /** The kubelet cuts messages at 4 KiB; anything longer is not a shim's. */
    private static final int MAX_LENGTH = 16 * 1024;

    private static final int MAX_LINES = 20;
    private static final int MAX_LINE = 1024;

    private static final JsonMapper JSON = new JsonMapper();

    private TerminationMessage() {}

    /** Empty when it isn't a shim's. */
    public static Optional<Exit> parse(@Nullable String message) {
        if (message == null || message.isBlank() || message.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(message);
            return json.path("code").isInt() ? Optional.of(exit(json)) : Optional.empty();
        } catch (JsonProcessingException notAShims) {
            return Optional.empty();
        }
    }

    private static Exit exit(JsonNode json) {
        return new Exit(
                json.get("code").intValue(),
                cut(json.path("signal").asText("")),
                json.path("oomKilled").asBoolean(false),
                cut(json.path("error").asText("")),
                lines(json.path("stderrTail")),
                json.path("response").isObject() ? json.get("response") : null);
    }

    private static List<String> lines(JsonNode tail) {
        List<String> lines = new ArrayList<>();
        for (JsonNode line : tail) {
            if (lines.size() < MAX_LINES && line.isTextual()) {
                lines.add(cut(line.textValue()));
            }
        }
        return lines;
    }

    private static String cut(String text) {
        return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE);
    }
}
