package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.core.attempt.EndGrace;
import dev.podwork.core.attempt.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The relay and shim that run in pods, with Python workers, against this server. */
class RelayBinaryTest {
    private final PodProcesses pod;

    RelayBinaryTest(@TempDir Path directory) throws IOException, InterruptedException {
        pod = new PodProcesses(directory);
    }

    @AfterEach
    void stop() {
        pod.close();
    }

    @Test
    void aJobRunsAndEverybodyGoes() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("""
                print("a print")
                call("ctx.logger.log", level="info", message="hello", metadata={"k": 1})
                call("ctx.state.set", key="k", value={"n": [1, 2.5, None]})
                call("ctx.progress", progress=50, message="half")
                assert call("ctx.emit", event={"type": "emit", "data": {"name": "n", "x": 1}}) == []
                answer(result=[execute["params"]["job"]["data"], call("ctx.state.get", key="k")])
                """);
        assertThat(pod.result().toString()).isEqualTo("[5,{\"n\":[1,2.5,null]}]");
        assertThat(pod.fixture.attempts.last("a").emits()).hasSize(1);
        PodProcesses.assertExit(shim, 0);
    }

    @Test
    void aWorkerThatDiesIsReported() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("sys.stderr.write('last words\\n'); sys.stderr.flush(); os._exit(7)\n");
        assertThat(pod.outcome()).isInstanceOfSatisfying(Outcome.Exited.class, exited -> {
            assertThat(exited.exit().code()).isEqualTo(7);
            assertThat(exited.exit().stderrTail()).contains("last words");
        });
        PodProcesses.assertExit(shim, 7);
    }

    @Test
    void aWorkerThatIsKilledIsReported() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("os.kill(os.getpid(), signal.SIGKILL)\n");
        assertThat(pod.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Exited.class,
                        exited -> assertThat(exited.exit().signal()).isEqualTo("SIGKILL"));
        PodProcesses.assertExit(shim, 137);
    }

    @Test
    void anErrorComesWithItsExit() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("answer(error={'code': 1, 'message': 'no'}); sys.exit(3)\n");
        assertThat(pod.outcome()).isInstanceOfSatisfying(Outcome.Failure.class, failure -> {
            assertThat(failure.error().message()).isEqualTo("no");
            assertThat(Objects.requireNonNull(failure.exit()).code()).isEqualTo(3);
        });
        PodProcesses.assertExit(shim, 3);
    }

    @Test
    void aWorkerThatIsToldToCancelHasTimeToTidyUp() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("""
                call("ctx.progress", progress=10)
                cancel = receive()
                assert cancel["method"] == "cancel" and "id" not in cancel, cancel
                assert cancel["params"]["reason"] == "AttemptTimeout", cancel
                assert sys.stdin.readline() == "", "stdin ends"
                answer(result="too late")
                sys.exit(130)
                """);
        awaitProgress();
        pod.fixture.record("a", true);
        PodProcesses.assertExit(shim, 130);
        assertThat(pod.fixture.attempts.last("a").outcome()).isNull();
    }

    @Test
    void aWorkerThatDoesNotListenGetsSigtermAndThenSigkill() throws IOException, InterruptedException {
        pod.fixture.attempts.add("a", new EndGrace(Duration.ofMillis(200), Duration.ofMillis(500)));
        pod.relay();
        Process shim = pod.shim("""
                import time
                signal.signal(signal.SIGTERM, lambda *_: print("SIGTERM came", flush=True))
                call("ctx.progress", progress=10)
                while True:
                    time.sleep(60)
                """);
        awaitProgress();
        pod.fixture.record("a", true);
        PodProcesses.assertExit(shim, 137);
        assertThat(pod.directory.resolve("shim.log")).content().contains("SIGTERM came");
    }

    private void awaitProgress() {
        Awaitility.await()
                .until(() -> pod.fixture.attempts.of("a").stream().anyMatch(report -> report.progress() != null));
    }

    @Test
    void aResultOf17MiBIsTooLarge() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("answer(result='x' * (17 << 20))\n");
        assertThat(pod.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failure.class,
                        failure -> assertThat(failure.reason()).isEqualTo("ResultTooLarge"));
        PodProcesses.assertExit(shim, 0);
    }

    @Test
    void aFloodOfUnansweredCallsIsServed() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim("""
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
        assertThat(pod.result().intValue()).isEqualTo(50_000);
        PodProcesses.assertExit(shim, 0);
    }
}
