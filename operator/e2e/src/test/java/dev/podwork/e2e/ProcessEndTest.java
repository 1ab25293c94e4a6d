package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker's process that ends without an answer fails the Job, each way of ending with a reason of its own. */
class ProcessEndTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void exit_0_without_a_result() {
        TestJob job = sandbox.program("""
                print("almost there", file=sys.stderr)
                sys.exit(0)
                """).start();

        job.failed(Reasons.NO_RESULT);
        AttemptStatus attempt = job.attempt();
        assertThat(attempt.exitCode()).isZero();
        assertThat(attempt.stderrTail()).containsExactly("almost there");
    }

    @Test
    void exit_7_keeps_the_last_lines_of_stderr() {
        TestJob job = sandbox.program("""
                for n in range(100):
                    print(f"line {n}", file=sys.stderr)
                sys.exit(7)
                """).start();

        JobStatus status = job.failed(Reasons.NON_ZERO_EXIT);
        AttemptStatus attempt = job.attempt();
        assertThat(status.message()).contains("7");
        assertThat(attempt.exitCode()).isEqualTo(7);
        assertThat(attempt.stderrTail()).hasSize(20).startsWith("line 80").endsWith("line 99");
    }

    @Test
    void exit_7_of_a_shell_script() {
        TestJob job = sandbox.shell("echo out of luck >&2; exit 7").start();

        job.failed(Reasons.NON_ZERO_EXIT);
        assertThat(job.attempt().exitCode()).isEqualTo(7);
        assertThat(job.attempt().stderrTail()).containsExactly("out of luck");
    }

    @Test
    void os_exit_in_a_python_handler() {
        TestJob job = sandbox.python("""
                import os, sys

                def handler(job, ctx):
                    print("about to leave", file=sys.stderr)
                    os._exit(7)
                """).start();

        job.failed(Reasons.NON_ZERO_EXIT);
        assertThat(job.attempt().exitCode()).isEqualTo(7);
        assertThat(job.attempt().stderrTail()).contains("about to leave");
    }

    @Test
    void process_exit_in_a_node_handler() {
        TestJob job = sandbox.node("""
                export default async () => {
                  console.error('about to leave')
                  process.exit(7)
                }
                """).start();

        job.failed(Reasons.NON_ZERO_EXIT);
        assertThat(job.attempt().exitCode()).isEqualTo(7);
        assertThat(job.attempt().stderrTail()).contains("about to leave");
    }

    @Test
    void a_signal_is_named() {
        TestJob job = sandbox.python("""
                import os, signal

                def handler(job, ctx):
                    os.kill(os.getpid(), signal.SIGKILL)
                """).start();

        JobStatus status = job.failed(Reasons.SIGNALLED);
        assertThat(status.message()).contains("SIGKILL");
        assertThat(job.attempt().exitCode()).isEqualTo(137);
        assertThat(job.attempt().signal()).isEqualTo("SIGKILL");
    }

    @Test
    void too_little_memory_is_not_just_a_signal() {
        TestJob job = sandbox.python("""
                import sys

                def handler(job, ctx):
                    print("loading the model", file=sys.stderr)
                    model = bytearray(512 * 1024 * 1024)
                    return len(bytes(model))
                """).memoryLimit("96Mi").start();

        JobStatus status = job.failed(Reasons.OUT_OF_MEMORY);
        assertThat(status.message()).containsIgnoringCase("memory");
        assertThat(job.attempt().exitCode()).isEqualTo(137);
    }
}
