package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What limits, retries and cancelling do to pods that really run. */
class AttemptsTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void a_failed_attempt_is_followed_by_another_in_a_new_pod() {
        TestJob job = sandbox.python("""
                def handler(job, ctx):
                    if ctx.attempt == 1:
                        raise ValueError("not yet")
                    return {"attempt": ctx.attempt}
                """).attempts(3).start();

        assertThat(job.succeeded().path("attempt").asInt()).isEqualTo(2);
        assertThat(job.get().getStatus().attempts())
                .extracting(AttemptStatus::pod)
                .containsExactly(job.name() + "-1", job.name() + "-2");
        assertThat(job.attempt().reason()).isEqualTo(Reasons.WORKER_ERROR);
    }

    @Test
    void an_attempt_that_ran_out_of_memory_is_followed_by_one_with_more() {
        TestJob job =
                sandbox.python("""
                def handler(job, ctx):
                    model = bytearray(200 * 1024 * 1024)
                    return len(bytes(model))
                """).memoryLimit("96Mi").raisedMemory("640Mi").start();

        assertThat(job.succeeded().asInt()).isEqualTo(200 * 1024 * 1024);
        assertThat(job.get().getStatus().attempts())
                .extracting(AttemptStatus::reason, AttemptStatus::memory)
                .containsExactly(tuple(Reasons.OUT_OF_MEMORY, null), tuple("Succeeded", "640Mi"));
    }

    @Test
    void the_last_attempt_s_failure_is_the_job_s() {
        TestJob job = sandbox.shell("exit 7").attempts(2).start();

        job.failed(Reasons.NON_ZERO_EXIT);
        assertThat(job.get().getStatus().attempts()).hasSize(2);
    }

    @Test
    void an_attempt_over_its_limit_fails_and_its_worker_is_gone() {
        TestJob job = sandbox.python("""
                import signal, time

                def handler(job, ctx):
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    time.sleep(600)
                """).attemptTimeout("2s").start();

        JobStatus status = job.failed(Reasons.ATTEMPT_TIMEOUT);
        assertThat(status.message()).contains("Worker timeout after 2000ms");
        job.awaitPodEnd();
    }

    @Test
    void a_running_job_is_cancelled_and_stays_so() {
        TestJob job = sandbox.python("""
                import time

                def handler(job, ctx):
                    time.sleep(600)
                """).start().running();

        job.cancel();

        assertThat(job.ended().phase()).isEqualTo(Phase.CANCELLED);
        job.awaitPodEnd();
        assertThat(job.get().getStatus().phase()).isEqualTo(Phase.CANCELLED);
    }
}
