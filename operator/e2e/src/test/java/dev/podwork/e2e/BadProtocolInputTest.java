package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.Protocol;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One bad worker for each protocol, side by side. All kinds of bad input are in worker-images/conformance/exchanges. */
class BadProtocolInputTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    private static TestJob halfAnAnswer;
    private static TestJob printBeforeTheDocument;
    private static TestJob exitBetweenHealthAndExecute;
    private static TestJob wrongJobId;

    @BeforeAll
    static void start() {
        halfAnAnswer = sandbox.program("""
                sys.stdout.write('{"jsonrpc":"2.0","id":1,"res')
                sys.stdout.flush()
                os.kill(os.getpid(), 9)
                """).start();
        printBeforeTheDocument = sandbox.python("""
                print("loading the model")
                print('{"success": true}')
                """).protocol(Protocol.TASK).start();
        exitBetweenHealthAndExecute =
                sandbox.python("""
                import os
                from http.server import BaseHTTPRequestHandler, HTTPServer

                class Worker(BaseHTTPRequestHandler):
                    def do_GET(self):
                        self.send_response(200)
                        self.end_headers()
                        self.wfile.flush()
                        os._exit(9)

                HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Worker).serve_forever()
                """).protocol(Protocol.HTTP).start();
        wrongJobId = sandbox.python("""
                import json, sys

                for line in sys.stdin:
                    request = json.loads(line)
                    if request["type"] == "init":
                        print('{"type": "ready"}', flush=True)
                    elif request["type"] == "execute":
                        print('{"type": "result", "job_id": "another", "status": "success"}', flush=True)
                    elif request["type"] == "stop":
                        break
                """).protocol(Protocol.MESSAGES).start();
    }

    @Test
    void half_an_answer_in_jsonrpc() {
        halfAnAnswer.failed(Reasons.SIGNALLED);

        AttemptStatus attempt = halfAnAnswer.attempt();
        assertThat(attempt.exitCode()).isEqualTo(137);
        assertThat(halfAnAnswer.log("worker")).contains("{\"jsonrpc\":\"2.0\",\"id\":1,\"res");
    }

    @Test
    void a_print_before_the_document_of_a_task() {
        JobError error = Objects.requireNonNull(
                printBeforeTheDocument.failed(Reasons.WORKER_ERROR).error());

        assertThat(error.type()).isEqualTo("InvalidOutput");
        assertThat(error.message()).contains("begins with \"loading the model\"", "to stderr");
    }

    @Test
    void an_exit_between_health_and_execute() {
        exitBetweenHealthAndExecute.failed(Reasons.NON_ZERO_EXIT);

        AttemptStatus attempt = exitBetweenHealthAndExecute.attempt();
        assertThat(attempt.exitCode()).isEqualTo(9);
        assertThat(attempt.stderrTail())
                .last()
                .asString()
                .startsWith("podwork: the server exited with code 9 before it");
    }

    @Test
    void messages_about_another_job() {
        JobError error =
                Objects.requireNonNull(wrongJobId.failed(Reasons.WORKER_ERROR).error());

        assertThat(error.type()).isEqualTo("UnexpectedMessage");
        assertThat(error.message()).contains("is about the job \"another\"", "\"" + wrongJobId.name() + "\"");
    }
}
