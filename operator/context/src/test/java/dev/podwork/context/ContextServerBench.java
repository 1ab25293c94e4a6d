package dev.podwork.context;

import dev.podwork.protocol.relay.Frame;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/** Figures of one server on one machine. The clients of idle sessions live in another process, so that the heap is the server's. */
final class ContextServerBench {
    private static final int CALLS = 20_000;
    private static final int LOGINS = 3_000;
    private static final int IDLE = 2_000;

    private ContextServerBench() {}

    public static void main(String... arguments) throws IOException, InterruptedException {
        if (arguments.length > 0) {
            stayConnected(Integer.parseInt(arguments[0]), Path.of(arguments[1]));
            return;
        }
        try (ContextServerFixture fixture = new ContextServerFixture()) {
            roundTrips(fixture);
            idleSessions(fixture);
            logins(fixture);
        }
    }

    private static void roundTrips(ContextServerFixture fixture) {
        fixture.attempts.add("calls");
        try (TestRelay relay = fixture.enter("calls")) {
            relay.attach("", 0);
            relay.message(1);
            relay.send(new Frame.Ack(1));
            relay.call(1, 1, "ctx.state.set", "{\"key\":\"k\",\"value\":{\"n\":1}}")
                    .message(2);
            relay.send(new Frame.Ack(2));
            long[] nanos = new long[CALLS];
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < CALLS; i++) {
                    int seq = 2 + round * CALLS + i;
                    long start = System.nanoTime();
                    relay.call(seq, seq, "ctx.state.get", "{\"key\":\"k\"}").message(seq + 1);
                    nanos[i] = System.nanoTime() - start;
                    relay.send(new Frame.Ack(seq + 1));
                }
            }
            Arrays.sort(nanos);
            print("ctx.state.get, p50", nanos[CALLS / 2] / 1000.0, "µs");
            print("ctx.state.get, p99", nanos[CALLS * 99 / 100] / 1000.0, "µs");
        }
    }

    private static void logins(ContextServerFixture fixture) {
        IntStream.range(0, LOGINS).forEach(i -> fixture.attempts.add("login-" + i));
        List<String> tokens = IntStream.range(0, LOGINS)
                .mapToObj(i -> fixture.token("login-" + i))
                .toList();
        login(fixture, tokens.subList(0, LOGINS / 2));
        long start = System.nanoTime();
        login(fixture, tokens.subList(LOGINS / 2, LOGINS));
        print(
                "TLS, hello, attach",
                LOGINS / 2 / ((System.nanoTime() - start) / 1e9),
                "sessions/s, the client's work included");
    }

    private static void login(ContextServerFixture fixture, List<String> tokens) {
        tokens.parallelStream().forEach(token -> {
            try (TestRelay relay = fixture.connect().enter(token)) {
                relay.attach("", 0);
                relay.message(1);
            }
        });
        IntStream.range(0, LOGINS).forEach(i -> fixture.server.forget("uid-login-" + i));
    }

    private static void idleSessions(ContextServerFixture fixture) throws IOException, InterruptedException {
        IntStream.range(0, IDLE).forEach(i -> fixture.attempts.add("idle-" + i));
        Path directory = Files.createTempDirectory("podwork-bench");
        Files.writeString(directory.resolve("ca"), fixture.authority.identity().caCertificate());
        Files.write(
                directory.resolve("tokens"),
                IntStream.range(0, IDLE)
                        .mapToObj(i -> fixture.token("idle-" + i))
                        .toList());
        fixture.attempts.reports.clear();
        long before = heap();
        Process clients = new ProcessBuilder(
                        "java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ContextServerBench.class.getName(),
                        String.valueOf(fixture.server.port()),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            clients.inputReader().readLine();
            fixture.attempts.reports.clear();
            print("heap per idle session", (heap() - before) / 1024.0 / IDLE, "KiB, TLS and socket included");
        } finally {
            clients.destroyForcibly().waitFor();
        }
    }

    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(Duration.ofMillis(200).toMillis());
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void stayConnected(int port, Path directory) throws IOException {
        SSLContext trust = TestRelay.trusting(Files.readString(directory.resolve("ca")));
        List<TestRelay> relays = new ArrayList<>();
        for (String token : Files.readAllLines(directory.resolve("tokens"))) {
            TestRelay relay = TestRelay.connect(port, trust).enter(token);
            relay.attach("", 0);
            relay.message(1);
            relay.send(new Frame.Ack(1));
            relays.add(relay);
        }
        System.out.println(relays.size());
        System.in.read();
    }

    private static void print(String what, double value, String unit) {
        System.out.printf("%-24s %10.1f %s%n", what, value, unit);
    }
}
