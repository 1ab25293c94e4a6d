package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Emit;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.attempt.EndGrace;
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
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay and shim that run in pods, with Python workers, against this server. */
class RelayBinaryTest {
    private static final Path RELAY =
            Path.of("../../worker-images/relay").toAbsolutePath().normalize();
    private static final Path BINARY = RELAY.resolve("bin/podwork-relay");
    private static final int STEPS = 200;

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

    @TempDir
    Path directory;

    private final ContextServerFixture fixture = new ContextServerFixture();
    private final List<Process> processes = new ArrayList<>();

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        if (!Files.isExecutable(BINARY)) {
            Process build = new ProcessBuilder(RELAY.resolve("build").toString())
                    .inheritIO()
                    .start();
            assertThat(build.waitFor())
                    .as("exit code of worker-images/relay/build")
                    .isZero();
        }
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        fixture.close();
    }

    private Process relay() throws IOException {
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

    private Process shim(String body) throws IOException {
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

    private Outcome outcome() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(fixture.attempts.of("a"))
                        .extracting(AttemptReport::outcome)
                        .anyMatch(Objects::nonNull));
        return Objects.requireNonNull(fixture.attempts.last("a").outcome());
    }

    private JsonNode result() {
        assertThat(outcome()).isInstanceOf(Outcome.Result.class);
        return ((Outcome.Result) outcome()).value();
    }

    private static void assertExit(Process process, int code) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("the shim ends").isTrue();
        assertThat(process.exitValue()).isEqualTo(code);
    }

    private void job() {
        fixture.attempts.add("a");
        fixture.attempts.recordAtOnce(() -> fixture.server);
    }

    @Test
    void aJobRunsAndEverybodyGoes() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("""
                print("a print")
                call("ctx.logger.log", level="info", message="hello", metadata={"k": 1})
                call("ctx.state.set", key="k", value={"n": [1, 2.5, None]})
                call("ctx.progress", progress=50, message="half")
                assert call("ctx.emit", event={"type": "emit", "data": {"name": "n", "x": 1}}) == []
                answer(result=[execute["params"]["job"]["data"], call("ctx.state.get", key="k")])
                """);
        assertThat(result().toString()).isEqualTo("[5,{\"n\":[1,2.5,null]}]");
        assertThat(fixture.attempts.last("a").emits()).hasSize(1);
        assertExit(shim, 0);
    }

    @Test
    void theServersRestartIsNotNoticed() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim(steps());
        for (int restart = 0; restart < 3; restart++) {
            int before = emits();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> emits() >= Math.min(STEPS, before + 20));
            fixture.restart();
        }
        assertAllSteps(shim);
    }

    @Test
    void theRelaysRestartIsNotNoticed() throws IOException, InterruptedException {
        job();
        Process relay = relay();
        Process shim = shim(steps());
        for (int restart = 0; restart < 3; restart++) {
            int before = emits();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> emits() >= Math.min(STEPS, before + 20));
            relay.destroyForcibly().waitFor();
            relay = relay();
        }
        assertAllSteps(shim);
    }

    /** Each step needs the one before. */
    private static String steps() {
        return """
                total = 0
                for step in range(%d):
                    call("ctx.state.set", key="total", value=(call("ctx.state.get", key="total") or 0) + 1)
                    call("ctx.flow.emit", trigger="step", payload=step)
                answer(result=call("ctx.state.get", key="total"))
                """.formatted(STEPS);
    }

    private int emits() {
        return fixture.attempts.of("a").stream()
                .mapToInt(report -> report.emits().size())
                .max()
                .orElse(0);
    }

    private void assertAllSteps(Process shim) throws InterruptedException {
        assertThat(result().intValue()).isEqualTo(STEPS);
        assertThat(fixture.attempts.last("a").emits())
                .extracting(emit -> emit.payload().longValue())
                .containsExactlyElementsOf(LongStream.range(0, STEPS).boxed().toList());
        assertThat(fixture.attempts.last("a").emits())
                .extracting(Emit::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(fixture.attempts.of("a").stream()
                        .map(AttemptReport::startedAt)
                        .distinct())
                .hasSize(1);
        assertExit(shim, 0);
    }

    @Test
    void aWorkerThatDiesIsReported() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("sys.stderr.write('last words\\n'); sys.stderr.flush(); os._exit(7)\n");
        assertThat(outcome()).isInstanceOfSatisfying(Outcome.Exited.class, exited -> {
            assertThat(exited.exit().code()).isEqualTo(7);
            assertThat(exited.exit().stderrTail()).contains("last words");
        });
        assertExit(shim, 7);
    }

    @Test
    void aWorkerThatIsKilledIsReported() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("os.kill(os.getpid(), signal.SIGKILL)\n");
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Outcome.Exited.class,
                        exited -> assertThat(exited.exit().signal()).isEqualTo("SIGKILL"));
        assertExit(shim, 137);
    }

    @Test
    void anErrorComesWithItsExit() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("answer(error={'code': 1, 'message': 'no'}); sys.exit(3)\n");
        assertThat(outcome()).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.error().message()).isEqualTo("no");
            assertThat(Objects.requireNonNull(failure.exit()).code()).isEqualTo(3);
        });
        assertExit(shim, 3);
    }

    @Test
    void aWorkerThatIsToldToCancelHasTimeToTidyUp() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("""
                call("ctx.progress", progress=10)
                cancel = receive()
                assert cancel["method"] == "cancel" and "id" not in cancel, cancel
                assert cancel["params"]["reason"] == "AttemptTimeout", cancel
                assert sys.stdin.readline() == "", "stdin ends"
                answer(result="too late")
                sys.exit(130)
                """);
        awaitProgress();
        fixture.record("a", true);
        assertExit(shim, 130);
        assertThat(fixture.attempts.last("a").outcome()).isNull();
    }

    @Test
    void aWorkerThatDoesNotListenGetsSigtermAndThenSigkill() throws IOException, InterruptedException {
        fixture.attempts.add("a", new EndGrace(Duration.ofMillis(200), Duration.ofMillis(500)));
        relay();
        Process shim = shim("""
                import time
                signal.signal(signal.SIGTERM, lambda *_: print("SIGTERM came", flush=True))
                call("ctx.progress", progress=10)
                while True:
                    time.sleep(60)
                """);
        awaitProgress();
        fixture.record("a", true);
        assertExit(shim, 137);
        assertThat(directory.resolve("shim.log")).content().contains("SIGTERM came");
    }

    private void awaitProgress() {
        Awaitility.await().until(() -> fixture.attempts.of("a").stream().anyMatch(report -> report.progress() != null));
    }

    @Test
    void aResultOf17MiBIsTooLarge() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("answer(result='x' * (17 << 20))\n");
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.reason()).isEqualTo("ResultTooLarge"));
        assertExit(shim, 0);
    }

    @Test
    void aFloodOfUnansweredCallsIsServed() throws IOException, InterruptedException {
        job();
        relay();
        Process shim = shim("""
                import threading
                def listen():
                    for line in sys.stdin:
                        got.append(1)
                        if len(got) == 50000:
                            answer(result=len(got))
                            os._exit(0)
                got = []
                threading.Thread(target=listen).start()
                for i in range(50000):
                    send(id=i, method="ctx.logger.log", params={"level": "info", "message": "x" * 50})
                """);
        assertThat(result().intValue()).isEqualTo(50_000);
        assertExit(shim, 0);
    }
}
