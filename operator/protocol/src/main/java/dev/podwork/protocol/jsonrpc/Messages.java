package dev.podwork.protocol.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.protocol.Json;
import org.jspecify.annotations.Nullable;

/** Writes messages to workers, as JSON without a line end. */
public final class Messages {
    private Messages() {}

    public static String request(long id, String method, JsonNode params) {
        ObjectNode message = message();
        message.put("id", id);
        message.put("method", method);
        message.set("params", params);
        return Json.write(message);
    }

    public static String notification(String method, JsonNode params) {
        ObjectNode message = message();
        message.put("method", method);
        message.set("params", params);
        return Json.write(message);
    }

    public static String result(JsonNode id, JsonNode result) {
        ObjectNode message = message();
        message.set("id", id);
        message.set("result", result);
        return Json.write(message);
    }

    public static String error(JsonNode id, int code, String text, @Nullable JsonNode data) {
        ObjectNode message = message();
        message.set("id", id);
        ObjectNode error = message.putObject("error");
        error.put("code", code);
        error.put("message", text);
        if (data != null) {
            error.set("data", data);
        }
        return Json.write(message);
    }

    private static ObjectNode message() {
        return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
    }
}
