package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The schemas that an API server checks objects against: those of the CRDs, and a strict one of the rest. */
final class Schemas {
    private static final Map<String, String> CRDS = Map.of(
            "WorkerDefinition", "/crds/workerdefinitions.podwork.dev.yaml", "Job", "/crds/jobs.podwork.dev.yaml");
    private static final String CORE = "/dev/podwork/local/manifest/core-schemas.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaRegistry registry = SchemaRegistry.withDialect(Dialects.getOpenApi30());
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    static Set<String> kinds() {
        return Set.of("WorkerDefinition", "Job", "ConfigMap", "Secret");
    }

    Schema of(String kind) {
        return schemas.computeIfAbsent(kind, name -> registry.getSchema(load(name)));
    }

    private static JsonNode load(String kind) {
        JsonNode core = read(CORE, JSON);
        ObjectNode schema;
        if (CRDS.containsKey(kind)) {
            JsonNode crd = read(CRDS.get(kind), new YAMLMapper());
            schema = crd.at("/spec/versions/0/schema/openAPIV3Schema").deepCopy();
            ObjectNode properties = schema.withObjectProperty("properties");
            properties.setAll((ObjectNode) core.path("common"));
        } else {
            schema = core.path("kinds").path(kind).deepCopy();
            schema.withObjectProperty("properties").setAll((ObjectNode) core.path("common"));
        }
        schema.withArrayProperty("required").add("apiVersion").add("kind").add("metadata");
        StrictSchema.tighten(schema);
        return schema;
    }

    private static JsonNode read(String resource, ObjectMapper mapper) {
        try (InputStream stream = Schemas.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("this build lacks " + resource);
            }
            return mapper.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
