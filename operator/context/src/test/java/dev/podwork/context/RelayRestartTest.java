package dev.podwork.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Emit;
import dev.podwork.core.attempt.AttemptReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker does not notice that server or relay go and come back. */
class RelayRestartTest {
    private static final int STEPS = 200;

    private final PodProcesses pod;

    RelayRestartTest(@TempDir Path directory) throws IOException, InterruptedException {
        pod = new PodProcesses(directory);
    }

    @AfterEach
    void stop() {
        pod.close();
    }

    @Test
    void theServersRestartIsNotNoticed() throws IOException, InterruptedException {
        pod.job();
        pod.relay();
        Process shim = pod.shim(steps());
        for (int restart = 0; restart < 3; restart++) {
            int before = emits();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> emits() >= Math.min(STEPS, before + 20));
            pod.fixture.restart();
        }
        assertAllSteps(shim);
    }

    @Test
    void theRelaysRestartIsNotNoticed() throws IOException, InterruptedException {
        pod.job();
        Process relay = pod.relay();
        Process shim = pod.shim(steps());
        for (int restart = 0; restart < 3; restart++) {
            int before = emits();
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> emits() >= Math.min(STEPS, before + 20));
            relay.destroyForcibly().waitFor();
            relay = pod.relay();
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
        return pod.fixture.attempts.of("a").stream()
                .mapToInt(report -> report.emits().size())
                .max()
                .orElse(0);
    }

    private void assertAllSteps(Process shim) throws InterruptedException {
        assertThat(pod.result().intValue()).isEqualTo(STEPS);
        assertThat(pod.fixture.attempts.last("a").emits())
                .extracting(emit -> emit.payload().longValue())
                .containsExactlyElementsOf(LongStream.range(0, STEPS).boxed().toList());
        assertThat(pod.fixture.attempts.last("a").emits())
                .extracting(Emit::sequence)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(pod.fixture.attempts.of("a").stream()
                        .map(AttemptReport::startedAt)
                        .distinct())
                .hasSize(1);
        PodProcesses.assertExit(shim, 0);
    }
}
