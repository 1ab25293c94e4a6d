package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.protocol.Json;
import java.io.IOException;

/** The part of a long error that can be kept: its scalars, and those of its members that are objects; strings shortened. */
final class Pruned {
    private static final int STRING_LENGTH = 64 * 1024;
    private static final int MEMBERS = 32;

    private Pruned() {}

    static JsonNode read(JsonParser parser) throws IOException {
        return read(parser, 2);
    }

    private static JsonNode read(JsonParser parser, int levels) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT && levels > 0) {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                JsonNode value = read(parser, levels - 1);
                if (object.size() < MEMBERS && name.length() < 256) {
                    object.set(name, value);
                }
            }
            return object;
        }
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            return JsonNodeFactory.instance.textNode(
                    Surrogates.mend(text.substring(0, Math.min(STRING_LENGTH, text.length()))));
        }
        if (token.isScalarValue()) {
            return Json.mapper().readTree(parser);
        }
        parser.skipChildren();
        // It was there, which is what makes an error.
        return levels == 2 ? JsonNodeFactory.instance.objectNode() : NullNode.getInstance();
    }
}
