package dev.podwork.protocol.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {

    static Stream<Frame> frames() {
        return Stream.of(
                new Frame.Hello(1, "token", "0.1"),
                new Frame.Welcome(),
                new Frame.Refused("BadToken", "no"),
                new Frame.Attach("", 0),
                new Frame.Attached("s", 40),
                new Frame.Msg(7, "{\"jsonrpc\":\"2.0\",\"id\":1}"),
                new Frame.Oversize(8, 17825792, "{\"jsonrpc\":"),
                new Frame.Telemetry(9, "{\"memoryBytes\":1048576,\"stats\":{\"cpu\":0.50}}"),
                new Frame.Exited(9, new ExitReport(137, "SIGKILL", true, "", List.of("last", "words"))),
                new Frame.End(1, 5000, 30000),
                new Frame.Stop(2, 30000),
                new Frame.Ack(0));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void whatIsWrittenIsReadBack(Frame frame) throws ProtocolException {
        byte[] line = FrameWriter.write(frame);
        assertThat(line[line.length - 1]).isEqualTo((byte) '\n');
        assertThat(FrameReader.read(Arrays.copyOf(line, line.length - 1))).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"msg\": {\"a\": [1, {\"b\": \"}\"}]} ,\"seq\":3}",
                " {\"seq\":3,\"unknown\":[{}],\"msg\":{\"a\": [1, {\"b\": \"}\"}]},\"more\":1}\r",
                "{\"seq\":1,\"msg\":{},\"seq\":3,\"msg\":{\"a\": [1, {\"b\": \"}\"}]}}",
            })
    void aMessageIsTakenByteForByte(String line) throws ProtocolException {
        assertThat(read(line)).isEqualTo(new Frame.Msg(3, "{\"a\": [1, {\"b\": \"}\"}]}"));
    }

    @Test
    void withoutATimeOfItsOwnSigkillComesAsLateAsSigterm() throws ProtocolException {
        assertThat(read("{\"seq\":1,\"end\":{\"graceMs\":5000}}")).isEqualTo(new Frame.End(1, 5000, 5000));
    }

    @Test
    void aMessageIsFoundBehindLongMembers() throws ProtocolException {
        String padding = "é".repeat(100_000);
        assertThat(read("{\"x\":\"" + padding + "\",\"msg\":{\"y\":\"" + padding + "\"},\"seq\":3}"))
                .isEqualTo(new Frame.Msg(3, "{\"y\":\"" + padding + "\"}"));
    }

    @Test
    void theNumbersOfAMessageAreNotTheEnvelopesBusiness() throws ProtocolException {
        String json = "{\"n\":" + "9".repeat(100_000) + "}";
        assertThat(read("{\"seq\":1,\"msg\":" + json + "}")).isEqualTo(new Frame.Msg(1, json));
    }

    @Test
    void aMessageMayBeNestedAsDeepAsItsLimitInsideTheEnvelope() throws ProtocolException {
        String json = "{\"n\":" + "[".repeat(511) + "]".repeat(511) + "}";
        assertThat(read("{\"seq\":1,\"msg\":" + json + "}")).isEqualTo(new Frame.Msg(1, json));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"seq\":7,\"later\":{\"msg\":{}}}", "{\"later\":[1],\"seq\":7}", "{\"seq\":7}"})
    void ofANumberedLineOfAnUnknownKindThereIsItsNumber(String line) throws ProtocolException {
        assertThat(read(line)).isEqualTo(new Frame.Unknown(7));
    }

    static Stream<String> refused() {
        return Stream.of(
                "",
                "GET / HTTP/1.1",
                "[]",
                "{}",
                "{\"later\":{}}",
                "{\"seq\":0,\"later\":{}}",
                "{\"seq\":\"1\",\"later\":{}}",
                "{\"msg\":{}}",
                "{\"seq\":0,\"msg\":{}}",
                "{\"seq\":-1,\"msg\":{}}",
                "{\"seq\":1.5,\"msg\":{}}",
                "{\"seq\":\"1\",\"msg\":{}}",
                "{\"seq\":99999999999999999999,\"msg\":{}}",
                "{\"seq\":1,\"msg\":5}",
                "{\"seq\":1,\"msg\":{}",
                "{\"seq\":1,\"msg\":{}} {}",
                "{\"seq\":1,\"msg\":{},\"exit\":{}}",
                "{\"seq\":1,\"telemetry\":[]}",
                "{\"seq\":1,\"telemetry\":{\"stats\":\"" + "x".repeat(70_000) + "\"}}",
                "{\"seq\":1,\"exit\":5}",
                "{\"seq\":1,\"exit\":{\"code\":\"x\"}}",
                "{\"ack\":-1}",
                "{\"ack\":null}",
                "{\"attach\":{\"session\":5,\"received\":0}}",
                "{\"attach\":{\"session\":\"\",\"received\":-1}}",
                "{\"hello\":{}}",
                "{\"hello\":{\"protocol\":1}}",
                "{\"seq\":1,\"msg\":{\"a\":\"\u0000\"}}",
                "{\"seq\":" + "9".repeat(1_000_000) + ",\"msg\":{}}",
                "{\"seq\":1,\"exit\":{\"code\":1,\"error\":\"" + "x".repeat(70_000) + "\"}}",
                "{\"seq\":1,\"msg\":" + "{\"a\":".repeat(100_000));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoFrameIsRefused(String line) {
        assertThatThrownBy(() -> read(line)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void anExitIsBoundedWhateverTheShimSays() throws ProtocolException {
        String lines = "\"" + "y".repeat(1500) + "\",";
        Frame.Exited exited = (Frame.Exited) read("{\"seq\":1,\"exit\":{\"code\":7,\"signal\":\"" + "s".repeat(100)
                + "\",\"error\":\"" + "e".repeat(2000) + "\",\"stderrTail\":[" + lines.repeat(30) + "5,null]}}");
        ExitReport exit = exited.exit();
        assertThat(exit.stderrTail())
                .hasSizeLessThanOrEqualTo(20)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(1024));
        assertThat(exit.stderrTail().stream().mapToInt(String::length).sum()).isLessThanOrEqualTo(8192);
        assertThat(exit.error()).hasSize(1024);
        assertThat(exit.signal()).hasSize(32);
    }

    @Test
    void aTokenIsNotPrinted() {
        assertThat(new Frame.Hello(1, "secret", "0.1").toString()).doesNotContain("secret");
    }

    private static Frame read(String line) throws ProtocolException {
        return FrameReader.read(line.getBytes(StandardCharsets.UTF_8));
    }
}
