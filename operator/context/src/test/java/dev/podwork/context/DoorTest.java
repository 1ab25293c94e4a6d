package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.context.token.TokenSigner;
import dev.podwork.protocol.relay.Frame;
import dev.podwork.protocol.relay.RefusalCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who is let in, and what becomes of the others. */
class DoorTest {
    private final ContextServerFixture fixture = new ContextServerFixture(ContextServerSettings.defaults()
            .withHelloTimeout(Duration.ofMillis(500))
            .withMaxStrangers(8));

    @AfterEach
    void close() {
        fixture.close();
    }

    private record Row(String name, RefusalCode code, Consumer<TestRelay> says) {}

    @TestFactory
    Stream<DynamicTest> refusals() {
        fixture.attempts.add("a");
        TokenSigner signer = fixture.signer;
        Date past = Date.from(fixture.clock.instant().minusSeconds(60));
        return Stream.of(
                        new Row("no token", RefusalCode.BAD_TOKEN, relay -> relay.hello("")),
                        new Row("no JWT", RefusalCode.BAD_TOKEN, relay -> relay.hello("let me in")),
                        new Row(
                                "a wrong audience",
                                RefusalCode.BAD_TOKEN,
                                relay -> relay.hello(signer.sign(signer.claims("ns", "a", "uid-a")
                                        .audience("vault")
                                        .build()))),
                        new Row(
                                "an expired token",
                                RefusalCode.TOKEN_EXPIRED,
                                relay -> relay.hello(signer.sign(signer.claims("ns", "a", "uid-a")
                                        .expirationTime(past)
                                        .build()))),
                        new Row(
                                "another pod's token",
                                RefusalCode.UNKNOWN_POD,
                                relay -> relay.hello(signer.token("ns", "b", "uid-b"))),
                        new Row(
                                "a former pod of the same name",
                                RefusalCode.UNKNOWN_POD,
                                relay -> relay.hello(signer.token("ns", "a", "uid-former"))),
                        new Row(
                                "a pod of the same name elsewhere",
                                RefusalCode.UNKNOWN_POD,
                                relay -> relay.hello(signer.token("elsewhere", "a", "uid-a"))),
                        new Row(
                                "garbage",
                                RefusalCode.BAD_HELLO,
                                relay -> relay.raw(new byte[] {0, 1, 2, (byte) 0xff, '\n'})),
                        new Row("HTTP", RefusalCode.BAD_HELLO, relay -> relay.raw(utf8("GET / HTTP/1.1\r\n\r\n"))),
                        new Row("another frame", RefusalCode.BAD_HELLO, relay -> relay.send(new Frame.Attach("", 0))),
                        new Row(
                                "another protocol",
                                RefusalCode.BAD_HELLO,
                                relay -> relay.send(new Frame.Hello(2, fixture.token("a"), ""))),
                        new Row("a line without end", RefusalCode.BAD_HELLO, relay -> relay.raw(new byte[20 * 1024])),
                        new Row(
                                "deep nesting",
                                RefusalCode.BAD_HELLO,
                                relay -> relay.raw(utf8("{\"hello\":" + "[".repeat(10_000) + "\n"))),
                        new Row("never speaks", RefusalCode.BAD_HELLO, relay -> {}),
                        new Row("speaks slowly", RefusalCode.BAD_HELLO, relay -> relay.raw(utf8("{\"hello\":"))))
                .map(row -> DynamicTest.dynamicTest(row.name, () -> {
                    double before = fixture.count("podwork.context.refused", "code", row.code.wire());
                    try (TestRelay relay = fixture.connect()) {
                        row.says.accept(relay);
                        assertThat(relay.next(Frame.Refused.class).code()).isEqualTo(row.code.wire());
                        assertThat(relay.isEnded()).isTrue();
                    }
                    assertThat(fixture.count("podwork.context.refused", "code", row.code.wire()))
                            .isEqualTo(before + 1);
                }));
    }

    @Test
    void whoNeverSpeaksTlsIsSentAway() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(utf8("{\"hello\":{}}\n"));
            socket.getInputStream().readAllBytes();
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(fixture.count("podwork.context.refused", "code", "BadHello"))
                        .isEqualTo(2));
    }

    @Test
    void manyWhoNeverSpeakKeepNobodyOut() throws IOException {
        fixture.attempts.add("a");
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            silent.add(new Socket(InetAddress.getLoopbackAddress(), fixture.server.port()));
        }
        try (TestRelay relay = fixture.enter("a")) {
            relay.attach("", 0);
            assertThat(relay.message(1).get("method").textValue()).isEqualTo("execute");
        }
        assertThat(fixture.count("podwork.context.refused", "code", "Overloaded"))
                .isGreaterThanOrEqualTo(42);
        for (Socket socket : silent) {
            socket.close();
        }
    }

    @Test
    void aRelayMayWaitForItsShimLongerThanForItsHello() throws InterruptedException {
        fixture.attempts.add("a");
        try (TestRelay relay = fixture.enter("a")) {
            try (TestRelay stranger = fixture.connect()) {
                // Its time is over when the other's would be, too.
                stranger.next(Frame.Refused.class);
            }
            relay.attach("", 0);
            assertThat(relay.message(1).get("method").textValue()).isEqualTo("execute");
        }
    }

    @Test
    void aPodHasOneConnectionTheLast() {
        fixture.attempts.add("a");
        try (TestRelay first = fixture.enter("a");
                TestRelay second = fixture.enter("a")) {
            assertThat(first.isEnded()).isTrue();
            second.attach("", 0);
            try (TestRelay third = fixture.enter("a")) {
                assertThat(second.nextButAck()).isInstanceOf(Frame.Msg.class);
                assertThat(second.isEnded()).isTrue();
                third.attach("", 0);
                assertThat(third.message(1).get("method").textValue()).isEqualTo("execute");
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
