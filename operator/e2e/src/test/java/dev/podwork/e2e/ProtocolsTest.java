package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Telemetry;
import dev.podwork.api.worker.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The protocols besides JSON-RPC, in pods; what the shim makes of bad input is tested beside the shim. */
class ProtocolsTest {
    private static final Pattern PROGRAM = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final String TEXT = "{\"text\":\"twelve chars\"}";

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void the_example_of_task() throws IOException {
        TestJob job = documented("task").protocol(Protocol.TASK).data(TEXT).start();

        assertThat(job.succeeded().path("length").intValue()).isEqualTo(12);
    }

    @Test
    void a_task_that_says_what_failed() throws IOException {
        TestJob job = documented("task").protocol(Protocol.TASK).data("{}").start();

        JobError error = Objects.requireNonNull(job.ended().error());
        assertThat(error.type()).isEqualTo("KeyError");
        assertThat(error.message()).isEqualTo("params lack 'text'");
        assertThat(error.retriable()).isFalse();
    }

    @Test
    void the_example_of_http() throws IOException {
        TestJob job = documented("http").protocol(Protocol.HTTP).data(TEXT).start();

        assertThat(job.succeeded().path("length").intValue()).isEqualTo(12);
        Telemetry telemetry = Objects.requireNonNull(job.ended().telemetry());
        assertThat(telemetry.peakMemoryBytes()).isGreaterThan(1 << 20);
        assertThat(telemetry.cpuSeconds()).isPositive();
        assertThat(CommandLine.kubectl(
                        "-n",
                        sandbox.namespace(),
                        "get",
                        "pj",
                        job.name(),
                        "-o",
                        "jsonpath={.status.telemetry.peakMemoryBytes}"))
                .isEqualTo(String.valueOf(telemetry.peakMemoryBytes()));
        assertThat(telemetry.stats()).containsKey("status");
    }

    @Test
    void an_http_worker_gets_its_configuration_first() {
        TestJob job = sandbox.python("""
                        import json, os
                        from http.server import BaseHTTPRequestHandler, HTTPServer

                        class Worker(BaseHTTPRequestHandler):
                            config = None
                            def do_GET(self):
                                self.answer({})
                            def do_POST(self):
                                body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "null")
                                if self.path == "/initialize":
                                    Worker.config = body
                                self.answer(Worker.config)
                            def answer(self, value):
                                self.send_response(200)
                                self.send_header("Content-Type", "application/json")
                                self.end_headers()
                                self.wfile.write(json.dumps(value).encode())

                        HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()
                        """)
                .protocol(Protocol.HTTP)
                .config(Map.of("model", JsonNodeFactory.instance.textNode("$(HOME)/tiny")))
                .start();

        assertThat(job.succeeded().path("model").textValue()).isEqualTo("$(HOME)/tiny");
    }

    @Test
    void a_server_that_never_listens() {
        TestJob job = sandbox.python("raise SystemExit('no port for me')")
                .protocol(Protocol.HTTP)
                .start();

        JobStatus status = job.ended();
        assertThat(status.message()).contains("exit");
        assertThat(job.log("worker")).contains("no port for me");
    }

    @Test
    void the_example_of_messages() throws IOException {
        ObjectNode upper = JsonNodeFactory.instance.objectNode();
        TestJob job = documented("messages")
                .protocol(Protocol.MESSAGES)
                .config(Map.of("upper", upper))
                .data(TEXT)
                .start();

        assertThat(job.succeeded()).isNotNull();
    }

    private static TestWorker documented(String protocol) throws IOException {
        Path page = TestSettings.ROOT.resolve("docs/workers/" + protocol + ".md");
        Matcher program = PROGRAM.matcher(Files.readString(page));
        assertThat(program.find()).as("a Python program in %s", page).isTrue();
        return sandbox.python(program.group(1));
    }
}
