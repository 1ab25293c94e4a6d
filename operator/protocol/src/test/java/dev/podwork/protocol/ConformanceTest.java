package dev.podwork.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.podwork.protocol.jsonrpc.ErrorCode;
import dev.podwork.protocol.jsonrpc.Line;
import dev.podwork.protocol.jsonrpc.LineReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The vectors that every implementation of the worker protocol must agree on. */
class ConformanceTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private final JsonNode vectors;

    ConformanceTest() throws IOException {
        vectors = MAPPER.readTree(
                Path.of("../../worker-images/conformance/codec.json").toFile());
    }

    @Test
    void limits() {
        JsonNode limits = vectors.get("limits");
        assertThat(Limits.MESSAGE_BYTES).isEqualTo(limits.get("lineBytes").intValue());
        assertThat(Limits.HEAD_BYTES).isEqualTo(limits.get("headBytes").intValue());
        assertThat(Limits.NESTING).isEqualTo(limits.get("nesting").intValue());
    }

    @TestFactory
    Stream<DynamicTest> lines() {
        return StreamSupport.stream(vectors.get("lines").spliterator(), false)
                .map(vector ->
                        DynamicTest.dynamicTest(vector.get("name").textValue(), () -> check(vector, bytes(vector))));
    }

    @TestFactory
    Stream<DynamicTest> framing() {
        return StreamSupport.stream(vectors.get("framing").spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("name").textValue(), () -> {
                    List<String> lines = new ArrayList<>();
                    LineSplitter splitter = new LineSplitter(
                            100, line -> lines.add(Base64.getEncoder().encodeToString(line)));
                    vector.get("chunks")
                            .forEach(chunk -> splitter.feed(Base64.getDecoder().decode(chunk.textValue())));
                    assertThat(lines).isEqualTo(MAPPER.convertValue(vector.get("lines"), List.class));
                    assertThat(Base64.getEncoder().encodeToString(splitter.rest()))
                            .isEqualTo(vector.get("rest").textValue());
                }));
    }

    private static void check(JsonNode vector, byte[] bytes) throws IOException {
        Line line = LineReader.read(bytes);
        assertThat(kind(line)).isEqualTo(vector.get("kind").textValue());
        if (vector.has("id")) {
            assertThat(id(line)).isEqualTo(vector.get("id"));
        }
        if (vector.has("outcome")) {
            assertThat(line instanceof Line.ErrorAnswer ? "error" : "result")
                    .isEqualTo(vector.get("outcome").textValue());
        }
        if (vector.has("code")) {
            assertThat(line instanceof Line.Invalid ? ErrorCode.INVALID_REQUEST : ErrorCode.PARSE_ERROR)
                    .isEqualTo(vector.get("code").intValue());
        }
        if (vector.has("message")) {
            Line.Request request = (Line.Request) line;
            assertThat(request.params().tree()).isEqualTo(vector.at("/message/params"));
            assertThat(request.method()).isEqualTo(vector.at("/message/method").textValue());
        }
    }

    private static String kind(Line line) {
        if (line instanceof Line.Result || line instanceof Line.ErrorAnswer) {
            return "response";
        }
        return line.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static JsonNode id(Line line) {
        if (line instanceof Line.Request request) {
            return request.id();
        } else if (line instanceof Line.Result result) {
            return result.id();
        } else if (line instanceof Line.ErrorAnswer error) {
            return error.id();
        }
        return ((Line.Invalid) line).id();
    }

    private static byte[] bytes(JsonNode vector) {
        if (vector.has("base64")) {
            return Base64.getDecoder().decode(vector.get("base64").textValue());
        }
        if (vector.has("text")) {
            return vector.get("text").textValue().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        vector.get("parts").forEach(part -> {
            String text = part.get("text").textValue().repeat(part.path("times").asInt(1));
            bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        });
        return bytes.toByteArray();
    }
}
