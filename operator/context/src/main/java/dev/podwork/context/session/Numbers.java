package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** An API server reads numbers as doubles where they are no 64-bit integers, and refuses an object with one beyond their range. */
final class Numbers {
    private Numbers() {}

    /** The path of the first number that can't be kept in an object. */
    static Optional<String> firstOutOfRange(JsonNode node) {
        if (node.isNumber()) {
            return Double.isFinite(node.doubleValue()) ? Optional.empty() : Optional.of("");
        }
        int index = 0;
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            Optional<String> found = firstOutOfRange(member.getValue()).map(path -> "/" + member.getKey() + path);
            if (found.isPresent()) {
                return found;
            }
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                String at = "/" + index++;
                Optional<String> found = firstOutOfRange(item).map(path -> at + path);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }
}
