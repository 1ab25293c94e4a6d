package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Failures;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** Whatever dies between a worker and the Job's status comes back, and the worker does not notice. */
@Isolated("the operator that is killed here is everybody's")
class RecoveryTest {
    /** Counts in the flow's state, one call after another, and would see a lost or repeated answer. */
    private static final String COUNTING = """
            import asyncio, os, time

            async def handler(job, ctx):
                first = time.time()
                longest = 0
                for n in range(1, 1000000):
                    before = time.time()
                    assert (await ctx.state.get("n") or 0) == n - 1, "a call was lost or repeated"
                    await ctx.state.set("n", n)
                    longest = max(longest, time.time() - before)
                    if n == 1:
                        await ctx.progress(10, "counting")
                    if time.time() - first > job["data"]["seconds"]:
                        break
                    await asyncio.sleep(0.05)
                ctx.flow.emit("counted", {"n": n})
                return {"n": n, "longest": longest, "pid": os.getpid()}
            """;

    /** Works in silence, and answers while nobody listens. */
    private static final String SILENT = """
            import time

            def handler(job, ctx):
                time.sleep(job["data"]["seconds"])
                return "done in silence"
            """;

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void the_operator_is_killed_and_comes_back_ten_seconds_later() throws InterruptedException {
        TestJob counting = sandbox.python(COUNTING).data("{\"seconds\":30}").start();
        TestJob silent = sandbox.python(SILENT).data("{\"seconds\":8}").start();
        counting.await("progress", status -> status.progress() != null);
        silent.running();

        sandbox.installation().kill();
        TestWorker late = sandbox.python("def handler(job, ctx):\n    return 'late'\n");
        TestJob submittedMeanwhile = late.start();
        Thread.sleep(10_000);
        sandbox.installation().start();

        JsonNode counted = counting.succeeded();
        assertThat(counted.get("n").intValue()).isPositive();
        assertThat(counted.get("longest").doubleValue())
                .as("the call that waited for the operator, in seconds")
                .isGreaterThan(5);
        assertThat(silent.succeeded().textValue()).isEqualTo("done in silence");
        assertThat(submittedMeanwhile.succeeded().textValue()).isEqualTo("late");
        for (TestJob job : List.of(counting, silent)) {
            assertThat(job.get().getStatus().attempts()).as("attempts").hasSize(1);
            assertThat(job.attempt().number()).isEqualTo(1);
        }
        assertThat(counting.attempt().emits()).hasSize(1);
    }

    @Test
    void the_relay_is_killed_and_comes_back() {
        TestJob job = sandbox.python(COUNTING).data("{\"seconds\":12}").start();
        job.await("progress", status -> status.progress() != null);

        // A Go program dies of SIGQUIT even as process 1, and the kubelet starts the sidecar again.
        Debugger.run(job.pod(), "relay", "kill -QUIT 1");

        assertThat(job.succeeded().get("n").intValue()).isPositive();
        assertThat(job.attempt().emits()).hasSize(1);
        assertThat(job.pod().getStatus().getInitContainerStatuses())
                .as("restarts of the relay")
                .anySatisfy(status -> assertThat(status.getRestartCount()).isEqualTo(1));
    }

    @Test
    void a_pod_that_is_deleted_before_its_worker_has_the_job_is_made_again_three_times() {
        TestJob job = sandbox.python(SILENT).unschedulable().start();

        for (int attempt = 1; attempt <= 4; attempt++) {
            int number = attempt;
            job.await(
                    "the record of a pod",
                    status -> status.phase() == Phase.STARTING
                            && status.attempts().size() == number);
            Cluster.CLIENT.resource(job.pod(attempt)).withGracePeriod(0).delete();
        }

        assertThat(job.failed(Reasons.POD_LOST).failures()).isEqualTo(new Failures(0, 3, 0));
    }

    @Test
    void a_pod_that_is_deleted_fails_its_job() {
        TestJob job = sandbox.python(SILENT).data("{\"seconds\":600}").start().running();

        Cluster.CLIENT.resource(job.pod()).withGracePeriod(0).delete();

        assertThat(job.ended().phase()).isEqualTo(Phase.FAILED);
        assertThat(job.ended().reason()).isEqualTo(Reasons.POD_LOST);
    }
}
