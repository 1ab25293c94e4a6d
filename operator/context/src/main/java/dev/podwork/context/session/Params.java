package dev.podwork.context.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.protocol.Json;
import dev.podwork.protocol.Limits;
import dev.podwork.protocol.jsonrpc.Content;
import java.util.Optional;

/** A call's parameters. What is not as it must be is refused by its name. */
final class Params {
    private final JsonNode object;
    private final String prefix;

    private Params(JsonNode object, String prefix) {
        this.object = object;
        this.prefix = prefix;
    }

    static Params of(Content params) {
        if (params.isDropped()) {
            throw CallException.limit("params of " + params.length() + " characters are more than any method takes ("
                    + Limits.TREE_BYTES + ")");
        }
        if (params.length() > 0 && !params.tree().isObject()) {
            throw CallException.parameter("params", "an object");
        }
        return new Params(params.tree(), "");
    }

    /** A member that must be an object. */
    Params object(String name) {
        JsonNode value = object.path(name);
        if (!value.isObject()) {
            throw CallException.parameter(prefix + name, "an object");
        }
        return new Params(value, prefix + name + ".");
    }

    /** A member that may be an object, or not be there. */
    Params optionalObject(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return new Params(MissingNode.getInstance(), prefix + name + ".");
        }
        return object(name);
    }

    /** A key, or a name: never empty, and not long. */
    String name(String name) {
        JsonNode value = object.path(name);
        String text = value.isTextual() ? value.textValue() : "";
        if (text.isEmpty() || text.codePointCount(0, text.length()) > Limits.NAME_LENGTH) {
            throw CallException.parameter(prefix + name, "a string of 1 to " + Limits.NAME_LENGTH + " characters");
        }
        return text;
    }

    String text(String name) {
        JsonNode value = object.path(name);
        if (!value.isTextual()) {
            throw CallException.parameter(prefix + name, "a string");
        }
        return value.textValue();
    }

    Optional<String> optionalText(String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(text(name));
    }

    /** A number within bounds. */
    double number(String name, double least, double most) {
        JsonNode value = object.path(name);
        if (!value.isNumber() || value.doubleValue() < least || value.doubleValue() > most) {
            throw CallException.parameter(prefix + name, "a number from " + (long) least + " to " + (long) most);
        }
        return value.doubleValue();
    }

    Optional<Long> optionalPositive(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isNumber()
                || !value.canConvertToExactIntegral()
                || !value.canConvertToLong()
                || value.longValue() < 1) {
            throw CallException.parameter(prefix + name, "a whole number from 1");
        }
        return Optional.of(value.longValue());
    }

    /** Any JSON, null too, but it must be there. */
    JsonNode value(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode()) {
            throw CallException.parameter(prefix + name, "there (null is a value)");
        }
        return value;
    }

    /** Any JSON; an empty object when it is not there. */
    JsonNode valueOrEmpty(String name) {
        return object.has(name) ? object.get(name) : members().objectNode();
    }

    /** A copy of all members. */
    ObjectNode members() {
        return object instanceof ObjectNode members
                ? members.deepCopy()
                : Json.mapper().createObjectNode();
    }
}
