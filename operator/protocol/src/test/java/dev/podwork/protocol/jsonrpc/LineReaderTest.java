package dev.podwork.protocol.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.protocol.Limits;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {

    @Test
    void halfACharacterIsReplacedWhereverItStands() {
        Line.Request request = (Line.Request)
                LineReader.read(
                        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"m\",\"params\":{\"\\udc00k\":[\"a\\ud800b\",\"\\ud83d\\ude00\"]}}");
        assertThat(request.id().textValue()).isEqualTo("�");
        assertThat(request.params().tree().toString()).isEqualTo("{\"�k\":[\"a�b\",\"😀\"]}");
    }

    @Test
    void aLongResultIsMeasuredAndNotKept() {
        String value = "[" + "[],".repeat(1_000_000) + "1]";
        Line.Result result = (Line.Result) LineReader.read("{\"jsonrpc\":\"2.0\",\"result\":" + value + ",\"id\":1}");
        assertThat(result.value().isDropped()).isTrue();
        assertThat(result.value().length()).isEqualTo(value.length());
    }

    @Test
    void aLongErrorKeepsWhatSaysWhy() {
        String stack = "s".repeat(Limits.TREE_BYTES);
        Line.ErrorAnswer answer = (Line.ErrorAnswer) LineReader.read(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":5,\"message\":\"why\",\"data\":{\"stack\":\"" + stack
                        + "\",\"type\":\"E\",\"deep\":{\"x\":1},\"retriable\":false}}}");
        assertThat(answer.error().path("message").textValue()).isEqualTo("why");
        assertThat(answer.error().at("/data/type").textValue()).isEqualTo("E");
        assertThat(answer.error().at("/data/retriable").isBoolean()).isTrue();
        assertThat(answer.error().at("/data/stack").textValue()).hasSize(64 * 1024);
    }

    @Test
    void aNumberTooLongToReadIsNamed() {
        Line line = LineReader.read("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + "9".repeat(5000) + "}");
        assertThat(line)
                .isInstanceOfSatisfying(
                        Line.Broken.class,
                        broken -> assertThat(broken.message()).contains("Number"));
    }

    @Test
    void anyBytesAreSomeLine() {
        Random random = new Random(42);
        byte[] sample = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"k\":[1.5e3,null,\"\\u00e9\"]}}"
                .getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 20_000; round++) {
            byte[] mutated = sample.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            assertThat(LineReader.read(mutated)).isNotNull();
        }
    }
}
