package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A worker whose code is wrong says so in the Job's status: at once, in its own words, with the place in the code. */
class HandlerFailureTest {
    /** Far less than any time limit, and more than a pod takes to start on a busy machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(45);

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void an_exception_in_python_has_its_class_message_and_stack() {
        TestJob job = sandbox.python("""
                def train(samples):
                    raise ValueError(f"no samples in {samples}")

                def handler(job, ctx):
                    return train(job["data"])
                """).data("[]").start();

        JobError error = error(job);
        assertThat(error.type()).isEqualTo("ValueError");
        assertThat(error.message()).isEqualTo("no samples in []");
        assertThat(error.stack()).contains("worker.py", "line 2", "in train", "line 5", "in handler");
    }

    @Test
    void an_exception_in_node_has_its_class_message_and_stack() {
        TestJob job = sandbox.node("""
                function train(samples) {
                  throw new RangeError(`no samples in ${JSON.stringify(samples)}`)
                }
                export default (job, ctx) => train(job.data)
                """).data("[]").start();

        JobError error = error(job);
        assertThat(error.type()).isEqualTo("RangeError");
        assertThat(error.message()).isEqualTo("no samples in []");
        assertThat(error.stack()).contains("worker.mjs:2", "train");
    }

    @Test
    void a_syntax_error_in_python_names_the_line() {
        JobError error = error(sandbox.python("""
                def handler(job, ctx):
                    return (1
                """).start());

        assertThat(error.type()).isEqualTo("SyntaxError");
        assertThat(error.stack()).contains("worker.py", "line 2");
    }

    @Test
    void a_syntax_error_in_node_names_the_line() {
        JobError error = error(sandbox.node("""
                export default async (job) => {
                  return job.
                }
                """).start());

        assertThat(error.type()).isEqualTo("SyntaxError");
        assertThat(error.stack()).contains("worker.mjs:3");
    }

    @Test
    void a_missing_module_of_python_is_named() {
        JobError error = error(sandbox.python("""
                import panda_bears

                def handler(job, ctx):
                    return None
                """).start());

        assertThat(error.type()).isEqualTo("ModuleNotFoundError");
        assertThat(error.message()).contains("panda_bears");
        assertThat(error.stack()).contains("worker.py", "line 1");
    }

    @Test
    void a_missing_module_of_node_is_named() {
        JobError error = error(sandbox.node("""
                import leftpad from 'left-pad-2000'
                export default async () => leftpad
                """).start());

        assertThat(error.message()).contains("left-pad-2000");
        assertThat(error.message() + error.stack()).contains("worker.mjs");
    }

    @Test
    void a_python_file_without_a_handler_says_what_is_missing() {
        JobError error =
                error(sandbox.python("def handel(job, ctx):\n    return None\n").start());

        assertThat(error.type()).isEqualTo("HandlerNotFound");
        assertThat(error.message()).contains("worker.py", "handler");
    }

    @Test
    void a_node_file_without_a_handler_says_what_is_missing() {
        JobError error =
                error(sandbox.node("export const handel = async () => null\n").start());

        assertThat(error.type()).isEqualTo("HandlerNotFound");
        assertThat(error.message()).contains("worker.mjs");
    }

    @Test
    void a_missing_interpreter_is_named() {
        TestJob job = sandbox.image(TestSettings.BUSYBOX, "ruby", "worker.rb").start();

        JobStatus status = job.failed(Reasons.COMMAND_NOT_FOUND);
        assertEndedAtOnce(job);
        assertThat(status.message()).contains("ruby");
        assertThat(job.attempt().exitCode()).isEqualTo(127);
    }

    private static JobError error(TestJob job) {
        JobStatus status = job.failed(Reasons.WORKER_ERROR);
        assertEndedAtOnce(job);
        return Objects.requireNonNull(status.error());
    }

    private static void assertEndedAtOnce(TestJob job) {
        Instant created = Instant.parse(job.get().getMetadata().getCreationTimestamp());
        assertThat(job.get().getStatus().completedAt()).isBefore(created.plus(AT_ONCE));
    }
}
