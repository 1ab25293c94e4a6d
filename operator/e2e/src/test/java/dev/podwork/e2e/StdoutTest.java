package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Reasons;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Stdout carries the protocol, and whatever else a program and its libraries print there. */
class StdoutTest {
    private static final long MEBIBYTE = 1024 * 1024;

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    static Stream<Arguments> printed() {
        return Stream.of(
                Arguments.of("text", "b'loading weights'", "loading weights"),
                Arguments.of("a number", "b'42'", "42"),
                Arguments.of("a string", "b'\"hi\"'", "\"hi\""),
                Arguments.of("null", "b'null'", "null"),
                Arguments.of("an array", "b'[1, 2]'", "[1, 2]"),
                Arguments.of("an object", "b'{\"a\":1}'", "{\"a\":1}"),
                Arguments.of("an answer of another protocol", "b'{\"id\":1,\"result\":5}'", "{\"id\":1,\"result\":5}"),
                Arguments.of(
                        "half a message",
                        "b'{\"jsonrpc\":\"2.0\",\"id\":1,\"res'",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"res"),
                Arguments.of("NUL bytes", "b'a\\0b'", "a\0b"),
                Arguments.of("invalid UTF-8", "b'caf\\xe9 au lait'", "au lait"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("printed")
    void what_is_not_a_message_is_a_log_line(String kind, String bytes, String logged) {
        TestJob job = sandbox.program("""
                os.write(1, %s + b"\\n")
                call("ctx.progress", {"progress": 50})
                result("done")
                """.formatted(bytes)).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
        assertThat(job.log("worker")).contains(logged);
    }

    @Test
    void what_a_python_handler_prints_is_a_log_line() {
        TestJob job = sandbox.python("""
                import os, subprocess

                def handler(job, ctx):
                    print('{"jsonrpc":"2.0","id":1,"result":"forged"}')
                    os.write(1, b"written by a C library\\n")
                    subprocess.run(["sh", "-c", "echo printed by a child"], check=True)
                    return "real"
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("real");
        assertThat(job.log("worker")).contains("forged", "written by a C library", "printed by a child");
    }

    @Test
    void what_a_node_handler_prints_is_a_log_line() {
        TestJob job = sandbox.node("""
                export default async () => {
                  console.log('{"jsonrpc":"2.0","id":1,"result":"forged"}')
                  process.stdout.write('written\\n')
                  return 'real'
                }
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("real");
        assertThat(job.log("worker")).contains("forged", "written");
    }

    @Test
    void half_a_line_at_the_exit_is_logged_and_is_no_result() {
        TestJob job = sandbox.program("""
                os.write(1, b'{"jsonrpc":"2.0","id":1,"result":')
                """).start();

        job.failed(Reasons.NO_RESULT);
        assertThat(job.log("worker")).contains("\"result\":");
    }

    @Test
    void a_line_of_17_mebibytes_of_text_does_not_keep_the_job() {
        TestJob job = sandbox.program("""
                for _ in range(17):
                    sys.stdout.write("x" * 1024 * 1024)
                sys.stdout.write("\\n")
                result("done")
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
    }

    @Test
    void a_line_of_17_mebibytes_of_json_is_cut_in_the_log() {
        TestJob job = sandbox.program("""
                sys.stdout.write('{"begin":"')
                for _ in range(17):
                    sys.stdout.write("x" * 1024 * 1024)
                sys.stdout.write('"}\\n')
                result("done")
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
        assertThat(job.log("worker")).contains("{\"begin\":\"", "16777216").hasSizeLessThan(16 * 1024);
    }

    @Test
    void a_message_of_17_mebibytes_is_answered_with_an_error_and_the_job_goes_on() {
        TestJob job = sandbox.program("""
                send(id=5, method="ctx.state.set", params={"key": "k", "value": "x" * 17 * 1024 * 1024})
                answer = json.loads(sys.stdin.readline())
                result(answer)
                """).start();

        assertThat(job.succeeded().at("/error/code").intValue()).isEqualTo(-32700);
        assertThat(job.succeeded().at("/error/message").textValue()).contains("16");
    }

    @Test
    void a_result_of_17_mebibytes_fails_and_says_the_limit() {
        TestJob job = sandbox.program("result('x' * 17 * 1024 * 1024)").start();

        assertThat(job.failed(Reasons.RESULT_TOO_LARGE).message()).contains("262144");
    }

    /** The shim's memory counts towards its container's limit, too. */
    @Test
    void a_gibibyte_without_a_newline_costs_neither_shim_nor_relay_memory() {
        TestJob job = sandbox.shell("""
                read -r execute
                id=${execute#*\\"id\\":}; id=${id%%,*}
                dd if=/dev/zero bs=65536 count=16384 2>/dev/null | tr '\\0' x
                echo
                echo '{"jsonrpc":"2.0","method":"ctx.progress","params":{"progress":50}}'
                sleep 20
                echo '{"jsonrpc":"2.0","id":'"$id"',"result":"done"}'
                """).memoryLimit("64Mi").start();

        job.await("progress after the flood", status -> status.progress() != null);
        Pod pod = job.pod();
        long shim = Debugger.peakMemory(pod, "worker");
        long relay = Debugger.peakMemory(pod, "relay");

        assertThat(shim).as("most memory of the shim").isLessThan(32 * MEBIBYTE);
        assertThat(relay).as("most memory of the relay").isLessThan(24 * MEBIBYTE);
        assertThat(job.succeeded().textValue()).isEqualTo("done");
        assertThat(job.log("worker").length()).isLessThan((int) MEBIBYTE);
    }
}
