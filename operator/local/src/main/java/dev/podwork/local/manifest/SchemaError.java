package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says what is wrong with a value and what to do about it. */
final class SchemaError {
    private SchemaError() {}

    /** The field that is wrong: of an unknown or missing one itself, not its parent. */
    static String pointer(Error error) {
        String parent = error.getInstanceLocation().toString();
        return switch (error.getKeyword()) {
            case "additionalProperties", "required" -> parent + "/" + error.getProperty();
            default -> parent;
        };
    }

    static String message(Error error, JsonNode root) {
        JsonNode schema = error.getSchemaNode();
        if (error.getEvaluationPath().toString().contains("/anyOf")) {
            return "must be a number or a string, not " + shown(error.getInstanceNode());
        }
        return switch (error.getKeyword()) {
            case "additionalProperties" -> "is not a field" + cure(error, root);
            case "required" -> "is required";
            case "type" -> "must be " + article(schema.asText()) + ", not " + shown(error.getInstanceNode());
            case "enum" -> "must be " + alternatives(schema) + ", not " + shown(error.getInstanceNode());
            case "pattern" -> "must match " + schema.asText() + "; " + shown(error.getInstanceNode()) + " does not";
            case "maxLength" -> "must be at most " + schema.asText() + " characters; shorten it";
            case "minLength" -> "must be at least " + schema.asText() + " characters";
            case "maximum" -> "must be at most " + schema.asText();
            case "minimum" -> "must be at least " + schema.asText();
            default -> error.getMessage();
        };
    }

    private static String cure(Error error, JsonNode root) {
        List<String> known = fields(root, error.getInstanceLocation().toString());
        return Spelling.closest(error.getProperty(), known)
                .map(name -> "; did you mean " + name + "?")
                .orElse("; there are " + String.join(", ", known));
    }

    /** Names of the fields that the schema knows at a place. */
    private static List<String> fields(JsonNode root, String pointer) {
        JsonNode schema = root;
        for (String step : pointer.isEmpty()
                ? List.<String>of()
                : List.of(pointer.substring(1).split("/"))) {
            JsonNode member = schema.path("properties").path(step);
            if (!member.isMissingNode()) {
                schema = member;
            } else {
                schema = schema.has("items") ? schema.path("items") : schema.path("additionalProperties");
            }
        }
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String article(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "array" -> "a list";
            case "object" -> "an object";
            case "boolean" -> "true or false";
            default -> "a " + type;
        };
    }

    private static String shown(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "a list";
            case NULL -> "nothing";
            case STRING -> "'" + value.asText() + "'";
            case NUMBER, BOOLEAN -> "the " + (value.isNumber() ? "number " : "value ") + value.asText() + quotes(value);
            default -> value.asText();
        };
    }

    private static String quotes(JsonNode value) {
        return " (in quotes it is a string: \"" + value.asText() + "\")";
    }

    private static String alternatives(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts.size() == 1
                ? texts.get(0)
                : texts.stream().limit(texts.size() - 1L).collect(Collectors.joining(", ")) + " or "
                        + texts.get(texts.size() - 1);
    }
}
