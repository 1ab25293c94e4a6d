package dev.podwork.core.worker;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.Set;

/**
 * Puts what a schema's references refer to in their place. What is left can be checked in a time that its size bounds; one that
 * refers to itself, or doubles and doubles, is found out here.
 */
final class SchemaReferences {

    private static final int MAX_NODES = 10_000;
    private static final int MAX_DEPTH = 100;

    /** Their members are schemas, by names that may be anything. */
    private static final Set<String> MAPS_OF_SCHEMAS = Set.of("properties", "patternProperties", "dependentSchemas");
    /** Their values are no schemas. */
    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");
    /** Of no use once there are no references. */
    private static final Set<String> TARGETS =
            Set.of("$defs", "definitions", "$id", "id", "$schema", "$anchor", "$comment");

    private static final Set<String> OTHER_REFERENCES = Set.of("$dynamicRef", "$recursiveRef");

    /** Why a schema can't be used, as the rest of a sentence about it. */
    static final class Unresolved extends Exception {
        Unresolved(String message) {
            super(message, null, false, false);
        }
    }

    private final JsonNode root;
    private int nodes;

    SchemaReferences(JsonNode root) {
        this.root = root;
    }

    JsonNode resolved() throws Unresolved {
        return schema(root, 0);
    }

    private JsonNode schema(JsonNode node, int depth) throws Unresolved {
        if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new Unresolved("refers to itself, or is larger than " + MAX_NODES
                    + " values with all that it refers to; make it smaller, or leave the check to the worker");
        }
        if (node instanceof ArrayNode list) {
            ArrayNode items = list.arrayNode();
            for (JsonNode item : list) {
                items.add(schema(item, depth + 1));
            }
            return items;
        }
        return node instanceof ObjectNode object ? object(object, depth) : node;
    }

    private ObjectNode object(ObjectNode schema, int depth) throws Unresolved {
        ObjectNode resolved = schema.objectNode();
        for (Map.Entry<String, JsonNode> member : schema.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (OTHER_REFERENCES.contains(name)) {
                throw new Unresolved("can't have " + name + "; use $ref and $defs");
            }
            if (name.equals("pattern") && value.isTextual()) {
                checkPattern(value.textValue());
            }
            if (MAPS_OF_SCHEMAS.contains(name) && value instanceof ObjectNode schemas) {
                resolved.set(name, map(name, schemas, depth + 1));
            } else if (VALUES.contains(name)) {
                resolved.set(name, value);
            } else if (!TARGETS.contains(name) && !(name.equals("$ref") && value.isTextual())) {
                resolved.set(name, schema(value, depth + 1));
            }
        }
        // What is no list here is told of as such later.
        if (schema.path("$ref").isTextual()
                && (resolved.get("allOf") == null || resolved.get("allOf").isArray())) {
            resolved.withArrayProperty("allOf")
                    .add(schema(target(schema.get("$ref").textValue()), depth + 1));
        }
        return resolved;
    }

    private ObjectNode map(String name, ObjectNode schemas, int depth) throws Unresolved {
        ObjectNode resolved = schemas.objectNode();
        for (Map.Entry<String, JsonNode> member : schemas.properties()) {
            if (name.equals("patternProperties")) {
                checkPattern(member.getKey());
            }
            resolved.set(member.getKey(), schema(member.getValue(), depth));
        }
        return resolved;
    }

    private JsonNode target(String reference) throws Unresolved {
        boolean known = reference.equals("#") || reference.startsWith("#/");
        JsonNode found = known ? root.at(JsonPointer.compile(reference.substring(1))) : MissingNode.getInstance();
        if (found.isMissingNode()) {
            throw new Unresolved("refers to " + reference
                    + ", which is not in it; put what is meant into its $defs and refer to #/$defs/NAME");
        }
        return found;
    }

    private static void checkPattern(String pattern) throws Unresolved {
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new Unresolved("has the pattern " + pattern + ", which is not in RE2 syntax (" + e.getDescription()
                    + "); rewrite it, or leave the check to the worker");
        }
    }
}
