package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a worker ends whose attempt is over before it: asked, told by SIGTERM, and by SIGKILL. */
class CancellationTest {
    private static final int CANCELLED = 130;
    private static final int SIGTERM = 143;
    private static final int SIGKILL = 137;
    /** The kubelet tells whole seconds. */
    private static final Duration ROUNDING = Duration.ofSeconds(1);

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void a_handler_is_interrupted_and_cleans_up_and_what_it_says_then_changes_nothing() {
        TestJob job = sandbox.python("""
                import time
                from podwork import Cancelled, RpcError

                def handler(job, ctx):
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    except Cancelled as cancelled:
                        with open("/tmp/checkpoint", "w") as file:
                            file.write("half")
                        with open("/tmp/checkpoint") as file:
                            ctx.logger.warn(f"cleaned up: {cancelled.reason}", {"checkpoint": file.read()})
                        try:
                            ctx.state.set("late", True)
                        except RpcError as refused:
                            print("the state was refused:", refused.code)
                        return "too late"
                """).start();
        hasBegun(job);

        job.cancel();

        JobStatus status = job.ended();
        assertThat(status.phase()).isEqualTo(Phase.CANCELLED);
        assertThat(status.result()).isNull();
        assertThat(job.log("worker"))
                .contains("WARN cleaned up: Cancelled", "\"checkpoint\":\"half\"", "the state was refused: -32002");
        assertThat(job.workerEnd().getExitCode()).isEqualTo(CANCELLED);
        assertThat(lasted(job))
                .as("from the end of the job to that of its worker")
                .isLessThan(Duration.ofSeconds(3));
        assertThat(job.get().getStatus()).isEqualTo(status);
    }

    @Test
    void an_async_handler_is_cancelled_by_its_limit() {
        TestJob job = sandbox.python("""
                import asyncio

                async def handler(job, ctx):
                    try:
                        await asyncio.sleep(600)
                    finally:
                        print("cleaned up:", ctx.cancelled)
                """).attemptTimeout("2s").start();

        job.failed(Reasons.ATTEMPT_TIMEOUT);
        assertThat(job.log("worker")).contains("cleaned up: Worker timeout after 2000ms");
        assertThat(job.workerEnd().getExitCode()).isEqualTo(CANCELLED);
    }

    @Test
    void an_abort_signal_ends_what_a_handler_in_node_awaits() {
        TestJob job = sandbox.node("""
                import { setTimeout as sleep } from 'node:timers/promises'

                export default async (job, ctx) => {
                  try {
                    ctx.progress(1)
                    await sleep(600_000, null, { signal: ctx.signal })
                  } finally {
                    ctx.logger.info(`cleaned up: ${ctx.signal.reason.reason}`)
                  }
                }
                """).start();
        hasBegun(job);

        job.cancel();

        assertThat(job.ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(job.log("worker")).contains("INFO cleaned up: Cancelled");
        assertThat(job.workerEnd().getExitCode()).isEqualTo(CANCELLED);
    }

    @Test
    void a_handler_that_goes_on_gets_sigterm_after_five_seconds() {
        TestJob job = sandbox.python("""
                import time
                from podwork import Cancelled

                def handler(job, ctx):
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    except Cancelled:
                        time.sleep(600)
                """).start();
        hasBegun(job);

        job.cancel();

        assertThat(job.ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(job.workerEnd().getExitCode()).isEqualTo(SIGTERM);
        assertThat(lasted(job)).isBetween(Duration.ofSeconds(5).minus(ROUNDING), Duration.ofSeconds(12));
    }

    @Test
    void so_does_a_program_that_knows_nothing_of_it() {
        TestJob job = sandbox.shell("sleep 600").start().running();

        job.cancel();

        assertThat(job.ended().phase()).isEqualTo(Phase.CANCELLED);
        assertThat(job.workerEnd().getExitCode()).isEqualTo(SIGTERM);
    }

    @Test
    void one_that_ignores_sigterm_is_killed_after_its_pod_s_grace() {
        TestJob job =
                sandbox.python("""
                import signal, time

                def handler(job, ctx):
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    while True:
                        try:
                            time.sleep(600)
                        except BaseException as e:
                            print("ignored:", type(e).__name__)
                """).terminationGrace(3).attemptTimeout("2s").start();

        job.failed(Reasons.ATTEMPT_TIMEOUT);
        assertThat(job.log("worker")).contains("ignored: Cancelled");
        assertThat(job.workerEnd().getExitCode()).isEqualTo(SIGKILL);
        assertThat(lasted(job)).isBetween(Duration.ofSeconds(8).minus(ROUNDING), Duration.ofSeconds(15));
    }

    @Test
    void a_worker_that_falls_silent_is_idle_however_long_it_has_worked() {
        TestJob job = sandbox.python("""
                import time

                def handler(job, ctx):
                    for step in range(6):
                        ctx.logger.info(f"step {step}")
                        time.sleep(1)
                    while True:
                        print("a print is no message", flush=True)
                        time.sleep(1)
                """).idleTimeout("3s").start();

        JobStatus status = job.failed(Reasons.IDLE_TIMEOUT);
        assertThat(status.message()).isEqualTo("Worker sent nothing for 3000ms");
        assertThat(job.log("worker")).contains("step 5");
        assertThat(job.workerEnd().getExitCode()).isEqualTo(CANCELLED);
    }

    @Test
    void the_next_attempt_waits_for_the_cleanup_of_the_one_before() {
        TestJob job = sandbox.python("""
                import time

                def handler(job, ctx):
                    if ctx.attempt == 2:
                        return "again"
                    try:
                        time.sleep(600)
                    finally:
                        time.sleep(3)
                """).attemptTimeout("2s").attempts(2).start();

        assertThat(job.succeeded().textValue()).isEqualTo("again");
        assertThat(Instant.parse(job.pod(2).getMetadata().getCreationTimestamp()))
                .isAfterOrEqualTo(Instant.parse(job.workerEnd().getFinishedAt()));
    }

    @Test
    void a_suspended_job_cleans_up_and_goes_on_in_another_pod() {
        TestJob job = sandbox.python("""
                import time

                def handler(job, ctx):
                    if ctx.attempt == 2:
                        return "resumed"
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    finally:
                        print("cleaned up:", ctx.cancelled.reason)
                """).start();
        hasBegun(job);

        job.suspend(true);
        job.await("queued again", status -> status.phase() == Phase.QUEUED);
        assertThat(job.log("worker")).contains("cleaned up: Suspended");
        job.suspend(false);

        assertThat(job.succeeded().textValue()).isEqualTo("resumed");
    }

    @Test
    void the_worker_of_a_deleted_job_cleans_up_too() {
        TestJob job = sandbox.python("""
                import time

                def handler(job, ctx):
                    try:
                        ctx.progress(1)
                        time.sleep(600)
                    finally:
                        time.sleep(2)
                        print("cleaned up:", ctx.cancelled.reason)
                """).start();
        hasBegun(job);

        assertThat(job.delete()).contains("cleaned up: Deleted");
    }

    /** The status says Running before the worker gets its job. */
    private static void hasBegun(TestJob job) {
        job.await("progress", status -> status.progress() != null);
    }

    private static Duration lasted(TestJob job) {
        ContainerStateTerminated end = job.workerEnd();
        Instant recorded =
                java.util.Objects.requireNonNull(job.get().getStatus().completedAt());
        return Duration.between(recorded, Instant.parse(end.getFinishedAt()));
    }
}
