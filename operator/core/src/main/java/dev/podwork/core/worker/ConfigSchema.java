package dev.podwork.core.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.re2j.Pattern;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.regex.RegularExpression;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks a definition's {@code config} against its {@code configSchema}. Whoever may write a definition must not be able to keep the
 * operator busy with it: nothing is looked up elsewhere, references are bounded, and expressions are RE2.
 */
final class ConfigSchema {

    private static final int TOLD = 5;

    private static final Map<String, Dialect> DIALECTS = Stream.of(
                    Dialects.getDraft4(),
                    Dialects.getDraft6(),
                    Dialects.getDraft7(),
                    Dialects.getDraft201909(),
                    Dialects.getDraft202012())
            .collect(Collectors.toUnmodifiableMap(dialect -> plain(dialect.getId()), Function.identity()));

    private static final SchemaRegistryConfig SETTINGS = SchemaRegistryConfig.builder()
            .locale(Locale.ENGLISH)
            .regularExpressionFactory(ConfigSchema::expression)
            .build();

    private ConfigSchema() {}

    /** What is wrong with either, one sentence each. */
    static List<String> problems(Map<String, JsonNode> schema, @Nullable Map<String, JsonNode> config) {
        JsonNode whole = JsonNodeFactory.instance.objectNode().setAll(schema);
        Dialect dialect = dialect(whole.path("$schema"));
        if (dialect == null) {
            return List.of("spec.configSchema.$schema names no JSON Schema that is known; remove it, or use one of "
                    + DIALECTS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        try {
            JsonNode alone = new SchemaReferences(whole).resolved();
            SchemaRegistry registry =
                    SchemaRegistry.withDialect(dialect, builder -> builder.schemaRegistryConfig(SETTINGS));
            List<Error> ofSchema =
                    registry.getSchema(SchemaLocation.of(dialect.getId())).validate(alone);
            if (!ofSchema.isEmpty()) {
                return told(ofSchema, "spec.configSchema", "correct it");
            }
            JsonNode value =
                    JsonNodeFactory.instance.objectNode().setAll(config == null ? Map.<String, JsonNode>of() : config);
            return told(registry.getSchema(alone).validate(value), "spec.config", "correct it, or spec.configSchema");
        } catch (SchemaReferences.Unresolved e) {
            return List.of("spec.configSchema " + e.getMessage());
        }
    }

    private static RegularExpression expression(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return value -> compiled.matcher(value).find();
    }

    private static @Nullable Dialect dialect(JsonNode named) {
        return named.isMissingNode() ? Dialects.getDraft202012() : DIALECTS.get(plain(named.asText()));
    }

    private static String plain(String id) {
        return id.endsWith("#") ? id.substring(0, id.length() - 1) : id;
    }

    private static List<String> told(List<Error> errors, String field, String cure) {
        return errors.stream()
                .map(error -> field
                        + error.getInstanceLocation()
                                .toString()
                                .replaceAll("/(\\d+)", "[$1]")
                                .replace('/', '.')
                        + ": " + error.getMessage() + "; " + cure)
                .distinct()
                .limit(TOLD)
                .toList();
    }
}
