package dev.podwork.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/** JSON of strangers: bounded in depth and in numbers, and without tables of names that they could fill. */
public final class Json {
    private static final JsonFactory FACTORY = factory(Limits.NESTING, Limits.NUMBER_LENGTH);
    private static final JsonFactory ENVELOPE_FACTORY = factory(Limits.NESTING + 1, Limits.MESSAGE_BYTES);
    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY).build();

    private Json() {}

    private static JsonFactory factory(int nesting, int numberLength) {
        return new JsonFactoryBuilder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(nesting)
                        .maxNumberLength(numberLength)
                        .maxStringLength(Limits.MESSAGE_BYTES + Limits.ENVELOPE_BYTES)
                        .maxNameLength(Limits.MESSAGE_BYTES)
                        .build())
                // One table for the whole process, which hostile names would fill, and could make slow.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .build();
    }

    /** For messages: {@link Limits} apply. */
    public static JsonFactory factory() {
        return FACTORY;
    }

    /** For what is around a message: one level more, and no opinion about the message's numbers. */
    public static JsonFactory envelopeFactory() {
        return ENVELOPE_FACTORY;
    }

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON", e);
        }
    }

    /** Length of the value as JSON, without white space, in UTF-8. */
    public static int size(JsonNode node) {
        return size(write(node));
    }

    public static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
