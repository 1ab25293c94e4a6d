package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines. Never throws: whatever a line is, it is a {@link Line}. */
public final class LineReader {
    private static final String MARK = "\"jsonrpc\"";
    private static final int EXPLANATION_LENGTH = 200;

    private LineReader() {}

    /** Reads a line of stdout, without its {@code \n}; bytes that are not UTF-8 become U+FFFD. */
    public static Line read(byte[] line) {
        if (line.length > Limits.MESSAGE_BYTES) {
            return looksLikeMessage(line) ? new Line.Oversize(line.length) : new Line.Log();
        }
        Line read = read(new String(line, StandardCharsets.UTF_8));
        return read instanceof Line.Broken && !looksLikeMessage(line) ? new Line.Log() : read;
    }

    /** Reads what a shim says is a message: what is none is {@link Line.Broken}. */
    public static Line read(String text) {
        try (JsonParser parser = Json.factory().createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Line.Broken("not a JSON object");
            }
            Members members = new Members(parser, text.length() <= Limits.TREE_BYTES, Surrogates.mayBeLone(text));
            if (parser.nextToken() != null) {
                return new Line.Broken("more stands after the object");
            }
            return members.line();
        } catch (JsonProcessingException e) {
            return new Line.Broken(Text.shorten(String.valueOf(e.getOriginalMessage()), EXPLANATION_LENGTH));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean looksLikeMessage(byte[] line) {
        int head = Math.min(line.length, Limits.HEAD_BYTES);
        String text = new String(line, 0, head, StandardCharsets.ISO_8859_1);
        return text.stripLeading().startsWith("{") && text.contains(MARK);
    }

    /** The members of a message that matter; of two with one name the last. */
    private static final class Members {
        private final boolean keep;
        private final boolean mendSurrogates;
        private JsonNode version = MissingNode.getInstance();
        private JsonNode method = MissingNode.getInstance();
        private JsonNode id = MissingNode.getInstance();
        private Content params = Content.ABSENT;
        private Content result = Content.ABSENT;
        private JsonNode error = NullNode.getInstance();

        Members(JsonParser parser, boolean keep, boolean mendSurrogates) throws IOException {
            this.keep = keep;
            this.mendSurrogates = mendSurrogates;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "jsonrpc" -> version = scalar(parser);
                    case "method" -> method = scalar(parser);
                    case "id" -> id = scalar(parser);
                    case "params" -> params = content(parser);
                    case "result" -> result = content(parser);
                    case "error" -> error = keep ? tree(parser) : Pruned.read(parser);
                    default -> parser.skipChildren();
                }
            }
        }

        private JsonNode scalar(JsonParser parser) throws IOException {
            if (parser.currentToken().isScalarValue()) {
                return tree(parser);
            }
            parser.skipChildren();
            // Not missing, and no good as any of the members that are scalars.
            return Json.mapper().createObjectNode();
        }

        private Content content(JsonParser parser) throws IOException {
            long start = parser.currentTokenLocation().getCharOffset();
            JsonNode tree = MissingNode.getInstance();
            if (keep) {
                tree = tree(parser);
            } else {
                parser.skipChildren();
                parser.finishToken();
            }
            return new Content(tree, Math.max(1, parser.currentLocation().getCharOffset() - start));
        }

        private JsonNode tree(JsonParser parser) throws IOException {
            JsonNode tree = Json.mapper().readTree(parser);
            return mendSurrogates ? Surrogates.mend(tree) : tree;
        }

        Line line() {
            if (!version.isTextual() || !version.textValue().equals("2.0")) {
                return new Line.Broken("the member \"jsonrpc\" must be \"2.0\"");
            }
            boolean answerable = id.isTextual() || (id.isNumber() && Double.isFinite(id.doubleValue()));
            if (!method.isMissingNode()) {
                if (!method.isTextual()) {
                    return invalid(answerable, "the member \"method\" must be a string");
                }
                if (id.isMissingNode()) {
                    return new Line.Notification(method.textValue(), params);
                }
                return answerable || id.isNull()
                        ? new Line.Request(id, method.textValue(), params)
                        : invalid(false, "the member \"id\" must be a string or a number");
            }
            if (!error.isNull() && (answerable || id.isNull())) {
                return new Line.ErrorAnswer(id, error);
            }
            if (answerable) {
                return new Line.Result(id, result.length() == 0 ? new Content(NullNode.getInstance(), 4) : result);
            }
            return invalid(
                    false,
                    "neither a request (a member \"method\") nor a response (a member \"id\", and no \"method\")");
        }

        private Line invalid(boolean answerable, String message) {
            @Nullable JsonNode answered = answerable ? id : null;
            return new Line.Invalid(answered == null ? NullNode.getInstance() : answered, message);
        }
    }
}
