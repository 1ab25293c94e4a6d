package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Says in JSON Schema what Kubernetes means by a structural schema. */
final class StrictSchema {
    private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
    /** Rules in CEL among them, which only an API server evaluates. */
    private static final String EXTENSION = "x-kubernetes-";

    private StrictSchema() {}

    static void tighten(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            boolean closed = object.path("properties").isObject()
                    && !object.has("additionalProperties")
                    && !object.path(PRESERVE).asBoolean();
            if (closed) {
                object.put("additionalProperties", false);
            }
            List<String> extensions = new ArrayList<>();
            object.fieldNames().forEachRemaining(name -> {
                if (name.startsWith(EXTENSION)) {
                    extensions.add(name);
                }
            });
            object.remove(extensions);
        }
        schema.forEach(StrictSchema::tighten);
    }
}
