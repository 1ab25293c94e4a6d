package dev.podwork.protocol.relay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads lines as frames. Unknown members are ignored, and of a numbered line of an unknown kind there is only its number; a line
 * that is no frame is refused, and its text is not repeated.
 */
public final class FrameReader {
    private static final List<String> KINDS = List.of(
            "hello",
            "welcome",
            "refused",
            "attach",
            "attached",
            "ack",
            "msg",
            "oversize",
            "telemetry",
            "exit",
            "end",
            "stop");

    private final String text;
    /** Where each member that matters stands, as JSON. */
    private final Map<String, String> members = new HashMap<>();

    private FrameReader(String text) {
        this.text = text;
    }

    public static Frame read(byte[] line) throws ProtocolException {
        FrameReader reader = new FrameReader(new String(line, StandardCharsets.UTF_8));
        try (JsonParser parser = Json.envelopeFactory().createParser(reader.text)) {
            reader.members(parser);
            return reader.frame();
        } catch (JsonProcessingException e) {
            throw new ProtocolException("line is not a JSON object of the relay protocol");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void members(JsonParser parser) throws IOException, ProtocolException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new ProtocolException("line is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            long start = parser.currentTokenLocation().getCharOffset();
            parser.skipChildren();
            parser.finishToken();
            if (name.equals("seq") || KINDS.contains(name)) {
                members.put(name, text.substring((int) start, (int)
                        parser.currentLocation().getCharOffset()));
            }
        }
        if (parser.nextToken() != null) {
            throw new ProtocolException("more stands after the object");
        }
    }

    private JsonNode member(String name) throws ProtocolException, JsonProcessingException {
        String json = members.getOrDefault(name, "null");
        if (json.length() > Limits.ENVELOPE_BYTES) {
            throw new ProtocolException(name + " is longer than " + Limits.ENVELOPE_BYTES + " bytes");
        }
        return Json.mapper().readTree(json);
    }

    private Frame frame() throws ProtocolException, JsonProcessingException {
        String kind = null;
        for (String candidate : KINDS) {
            if (members.containsKey(candidate)) {
                if (kind != null) {
                    throw new ProtocolException("line is both " + kind + " and " + candidate);
                }
                kind = candidate;
            }
        }
        if (kind == null && members.containsKey("seq")) {
            return new Frame.Unknown(seq());
        }
        if (kind == null) {
            throw new ProtocolException("line is no frame of the relay protocol");
        }
        if (kind.equals("msg")) {
            String json = members.getOrDefault(kind, "");
            if (!json.startsWith("{")) {
                throw new ProtocolException("msg must be an object");
            }
            return new Frame.Msg(seq(), json);
        }
        JsonNode body = member(kind);
        if (kind.equals("telemetry") && !body.isObject()) {
            throw new ProtocolException("telemetry must be an object");
        }
        return switch (kind) {
            case "hello" ->
                new Frame.Hello((int) number(body, "protocol"), text(body, "token"), optionalText(body, "version"));
            case "welcome" -> new Frame.Welcome();
            case "refused" -> new Frame.Refused(text(body, "code"), optionalText(body, "message"));
            case "attach" -> new Frame.Attach(text(body, "session"), number(body, "received"));
            case "attached" -> new Frame.Attached(text(body, "session"), number(body, "received"));
            case "ack" -> new Frame.Ack(number(body, "ack", 0));
            case "oversize" -> new Frame.Oversize(seq(), number(body, "bytes"), optionalText(body, "head"));
            case "telemetry" -> new Frame.Telemetry(seq(), members.getOrDefault(kind, ""));
            case "exit" -> new Frame.Exited(seq(), exit(body));
            case "end" -> end(body);
            default -> new Frame.Stop(seq(), number(body, "graceMs"));
        };
    }

    private Frame end(JsonNode body) throws ProtocolException, JsonProcessingException {
        long grace = number(body, "graceMs");
        return new Frame.End(seq(), grace, body.has("killMs") ? number(body, "killMs") : grace);
    }

    private long seq() throws ProtocolException, JsonProcessingException {
        return number(member("seq"), "seq", 1);
    }

    private static long number(JsonNode body, String name) throws ProtocolException {
        return number(body.path(name), name, 0);
    }

    private static long number(JsonNode node, String name, long least) throws ProtocolException {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < least) {
            throw new ProtocolException(name + " must be a whole number from " + least);
        }
        return node.longValue();
    }

    private static String text(JsonNode body, String name) throws ProtocolException {
        JsonNode node = body.path(name);
        if (!node.isTextual()) {
            throw new ProtocolException(name + " must be a string");
        }
        return node.textValue();
    }

    private static String optionalText(JsonNode body, String name) {
        return body.path(name).asText("");
    }

    private static ExitReport exit(JsonNode body) throws ProtocolException {
        List<String> tail = new ArrayList<>();
        int room = ExitReport.TAIL_LENGTH;
        for (JsonNode line : body.path("stderrTail")) {
            String text = Text.shorten(line.asText(""), ExitReport.TAIL_LINE_LENGTH);
            room -= text.length();
            if (tail.size() == ExitReport.TAIL_LINES || room < 0) {
                break;
            }
            tail.add(text);
        }
        return new ExitReport(
                (int) number(body, "code"),
                Text.shorten(optionalText(body, "signal"), ExitReport.SIGNAL_LENGTH),
                body.path("oomKilled").asBoolean(false),
                Text.shorten(optionalText(body, "error"), ExitReport.ERROR_LENGTH),
                tail);
    }
}
