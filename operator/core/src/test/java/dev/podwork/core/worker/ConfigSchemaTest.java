package dev.podwork.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static final String WHISPER = """
            {"type": "object",
             "properties": {
               "model": {"enum": ["tiny", "base"]},
               "beams": {"type": "integer", "minimum": 1},
               "languages": {"type": "array", "items": {"$ref": "#/$defs/language"}},
               "$ref": {"type": "string"}},
             "$defs": {"language": {"pattern": "^[a-z]{2}$"}},
             "required": ["model"],
             "additionalProperties": false}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"tiny\",\"beams\":3,\"languages\":[\"de\"],\"$ref\":\"x\"} |",
                "{\"model\":\"huge\"} | spec.config.model: does not have a value in the enumeration [\"tiny\", \"base\"]",
                "{\"model\":\"tiny\",\"beams\":\"3\"} | spec.config.beams: string found, integer expected",
                "{\"model\":\"tiny\",\"beams\":0} | spec.config.beams: must have a minimum value of 1",
                "{\"model\":\"tiny\",\"languages\":[\"de\",\"German\"]} | spec.config.languages[1]: does not match the regex pattern ^[a-z]{2}$",
                "{\"modle\":\"tiny\",\"model\":\"tiny\"} | spec.config: property 'modle' is not defined in the schema and the schema does not"
                        + " allow additional properties",
                "| spec.config: required property 'model' not found",
            })
    void whatIsWrongIsToldOfItsField(@Nullable String config, @Nullable String problem) throws JsonProcessingException {
        assertThat(problems(WHISPER, config))
                .isEqualTo(problem == null ? List.of() : List.of(problem + "; correct it, or spec.configSchema"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"strnig\"} | spec.configSchema.type: ",
                "{\"required\":\"model\"} | spec.configSchema.required: ",
                "{\"allOf\":{},\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{}}} | spec.configSchema.allOf: ",
                "{\"$schema\":\"https://example.com/mine\"} | spec.configSchema.$schema names no JSON Schema that is known",
                "{\"$ref\":\"https://example.com/schema.json\"} | spec.configSchema refers to https://example.com/schema.json, which is not in it",
                "{\"$ref\":\"#/$defs/nothing\"} | spec.configSchema refers to #/$defs/nothing, which is not in it",
                "{\"$dynamicRef\":\"#a\"} | spec.configSchema can't have $dynamicRef",
                "{\"properties\":{\"a\":{\"pattern\":\"(?<=x)y\"}}} | spec.configSchema has the pattern (?<=x)y, which is not in RE2 syntax",
                "{\"patternProperties\":{\"(\":{}}} | spec.configSchema has the pattern (, which is not in RE2 syntax",
                "{\"$ref\":\"#\"} | spec.configSchema refers to itself",
                "{\"properties\":{\"a\":{\"items\":{\"$ref\":\"#\"}}}} | spec.configSchema refers to itself",
            })
    void aSchemaThatCannotBeUsedIsTold(String schema, String problem) throws JsonProcessingException {
        assertThat(problems(schema, "{}")).first().asString().startsWith(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://json-schema.org/draft-04/schema#",
                "http://json-schema.org/draft-07/schema#",
                "http://json-schema.org/draft-07/schema",
                "https://json-schema.org/draft/2019-09/schema",
                "https://json-schema.org/draft/2020-12/schema",
            })
    void schemasOfEarlierDraftsAreUnderstood(String draft) throws JsonProcessingException {
        String schema = "{\"$schema\":\"" + draft + "\",\"definitions\":{\"n\":{\"type\":\"integer\"}},"
                + "\"properties\":{\"a\":{\"$ref\":\"#/definitions/n\"}}}";

        assertThat(problems(schema, "{\"a\":1}")).isEmpty();
        assertThat(problems(schema, "{\"a\":\"x\"}"))
                .containsExactly("spec.config.a: string found, integer expected; correct it, or spec.configSchema");
    }

    @Test
    void nobodyCanKeepTheOperatorBusy() {
        StringBuilder doubling = new StringBuilder("{\"$ref\":\"#/$defs/d0\",\"$defs\":{");
        for (int i = 0; i < 40; i++) {
            String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
            doubling.append("\"d%d\":{\"allOf\":[%s,%s]},".formatted(i, next, next));
        }
        doubling.append("\"d40\":{}}}");
        String backtracking = "{\"properties\":{\"a\":{\"pattern\":\"^(a+)+$\"}}}";
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(problems(doubling.toString(), "{}"))
                    .singleElement()
                    .asString()
                    .startsWith("spec.configSchema refers to itself, or is larger than");
            assertThat(problems(backtracking, "{\"a\":\"" + "a".repeat(50_000) + "!\"}"))
                    .hasSize(1);
        });
    }

    @Test
    void onlySoMuchIsToldAtOnce() throws JsonProcessingException {
        String many = "{\"additionalProperties\":{\"type\":\"integer\"}}";

        assertThat(problems(many, "{\"a\":[],\"b\":[],\"c\":[],\"d\":[],\"e\":[],\"f\":[],\"g\":[]}"))
                .hasSize(5);
        assertThatNoException().isThrownBy(() -> problems("{\"type\":5,\"items\":5,\"enum\":5}", null));
    }

    private static List<String> problems(String schema, @Nullable String config) throws JsonProcessingException {
        TypeReference<Map<String, JsonNode>> members = new TypeReference<>() {};
        return ConfigSchema.problems(
                JSON.readValue(schema, members), config == null ? null : JSON.readValue(config, members));
    }
}
