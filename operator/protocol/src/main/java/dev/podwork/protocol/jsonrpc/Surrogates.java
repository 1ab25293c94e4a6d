package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.regex.Pattern;

/** JSON may escape half a character, which nothing can write as UTF-8: it becomes U+FFFD. */
public final class Surrogates {
    private static final Pattern ESCAPED = Pattern.compile("\\\\u[dD][89a-fA-F]");

    private Surrogates() {}

    public static boolean mayBeLone(String json) {
        return ESCAPED.matcher(json).find();
    }

    public static JsonNode mend(JsonNode node) {
        if (node instanceof TextNode text) {
            String mended = mend(text.textValue());
            return mended.equals(text.textValue()) ? text : TextNode.valueOf(mended);
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, mend(array.get(i)));
            }
            return array;
        }
        if (node instanceof ObjectNode object) {
            ObjectNode mended = object.objectNode();
            object.properties().forEach(member -> mended.set(mend(member.getKey()), mend(member.getValue())));
            return mended;
        }
        return node;
    }

    static String mend(String text) {
        StringBuilder mended = new StringBuilder(text.length());
        text.codePoints()
                .forEach(point -> mended.appendCodePoint(
                        point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE ? 0xFFFD : point));
        return mended.toString();
    }
}
