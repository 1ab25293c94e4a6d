package dev.podwork.context.session;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.context.stream.StreamBuffer;
import dev.podwork.context.stream.StreamPart;
import dev.podwork.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@code ctx.stream}. A part may be as long as a message, so it is never held as a tree. */
final class StreamCalls {
    private static final Set<String> MEMBERS = Set.of("chunk", "index", "final", "metadata");

    private final StreamBuffer buffer;

    StreamCalls(StreamBuffer buffer) {
        this.buffer = buffer;
    }

    /** @param message all of it, which is valid JSON */
    CompletionStage<JsonNode> part(long seq, String message) {
        return buffer.add(read(seq, members(message))).thenApply(room -> NullNode.getInstance());
    }

    private static StreamPart read(long seq, Map<String, String> members) {
        String chunk = members.get("chunk");
        if (chunk == null) {
            throw CallException.parameter("chunk", "there (null is a value)");
        }
        String last = members.getOrDefault("final", "false");
        if (!last.equals("true") && !last.equals("false") && !last.equals("null")) {
            throw CallException.parameter("final", "true or false");
        }
        String metadata = members.getOrDefault("metadata", "null");
        if (!metadata.equals("null") && !metadata.startsWith("{")) {
            throw CallException.parameter("metadata", "an object");
        }
        return new StreamPart(
                seq,
                index(members.getOrDefault("index", "null")),
                chunk,
                last.equals("true"),
                metadata.equals("null") ? null : metadata);
    }

    private static @Nullable Long index(String index) {
        if (index.equals("null")) {
            return null;
        }
        try {
            if (!index.startsWith("-")) {
                return Long.valueOf(index);
            }
        } catch (NumberFormatException e) {
            // told below, like one that is negative
        }
        throw CallException.parameter("index", "a whole number from 0");
    }

    /** The members of the message's params, each as it was written. */
    private static Map<String, String> members(String message) {
        Map<String, String> members = new HashMap<>();
        try (JsonParser parser = Json.factory().createParser(message)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean params = parser.currentName().equals("params");
                if (parser.nextToken() == JsonToken.START_OBJECT && params) {
                    members.clear();
                    read(parser, message, members);
                } else if (params) {
                    throw CallException.parameter("params", "an object");
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return members;
    }

    private static void read(JsonParser parser, String message, Map<String, String> members) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            int start = (int) parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            parser.finishToken();
            if (MEMBERS.contains(name)) {
                members.put(name, message.substring(start, (int)
                        parser.currentLocation().getCharOffset()));
            }
        }
    }
}
