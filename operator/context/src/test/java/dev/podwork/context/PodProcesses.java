package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A pod as processes: the relay and shim that run in pods, with a Python worker, against a server. */
final class PodProcesses implements AutoCloseable {
    private static final Path RELAY =
            Path.of("../../worker-images/relay").toAbsolutePath().normalize();
    private static final Path BINARY = RELAY.resolve("bin/podwork-relay");

    /** A worker without an SDK: what stands in {@code $BODY} uses {@code call(method, **params)} and {@code answer(**members)}. */
    private static final String WORKER = """
            import json, os, signal, sys
            ids = 100
            def send(**message):
                sys.stdout.write(json.dumps(dict(jsonrpc="2.0", **message)) + "\\n")
                sys.stdout.flush()
            def receive():
                return json.loads(sys.stdin.readline())
            def call(method, **params):
                global ids
                ids += 1
                send(id=ids, method=method, params=params)
                reply = receive()
                assert reply["id"] == ids, reply
                return reply["result"]
            def answer(**members):
                send(id=execute["id"], **members)
            execute = receive()
            assert execute["method"] == "execute", execute
            """;

    final Path directory;
    final ContextServerFixture fixture = new ContextServerFixture();
    private final List<Process> processes = new ArrayList<>();

    PodProcesses(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        if (!Files.isExecutable(BINARY)) {
            Process build = new ProcessBuilder(RELAY.resolve("build").toString())
                    .inheritIO()
                    .start();
            assertThat(build.waitFor())
                    .as("exit code of worker-images/relay/build")
                    .isZero();
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        fixture.close();
    }

    Process relay() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), fixture.token("a"));
        return start(
                Map.of(
                        "PODWORK_SERVER",
                        "127.0.0.1:" + fixture.server.port(),
                        "PODWORK_SERVER_CA",
                        fixture.authority.identity().caCertificate(),
                        "PODWORK_TOKEN_FILE",
                        token.toString()),
                "relay");
    }

    Process shim(String body) throws IOException {
        Path worker = Files.writeString(directory.resolve("worker.py"), WORKER + body);
        return start(
                Map.of(
                        "PODWORK_TERMINATION_LOG",
                        directory.resolve("termination-log").toString()),
                "shim",
                "--",
                "python3",
                worker.toString());
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(BINARY.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(arguments[0] + ".log").toFile()));
        builder.environment().putAll(environment);
        builder.environment()
                .put("PODWORK_SOCKET", directory.resolve("relay.sock").toString());
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    Outcome outcome() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(fixture.attempts.of("a"))
                        .extracting(AttemptReport::outcome)
                        .anyMatch(Objects::nonNull));
        return Objects.requireNonNull(fixture.attempts.last("a").outcome());
    }

    JsonNode result() {
        assertThat(outcome()).isInstanceOf(Outcome.Result.class);
        return ((Outcome.Result) outcome()).value();
    }

    static void assertExit(Process process, int code) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the shim ends").isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
    }

    void job() {
        fixture.attempts.add("a");
        fixture.attempts.recordAtOnce(() -> fixture.server);
    }
}
