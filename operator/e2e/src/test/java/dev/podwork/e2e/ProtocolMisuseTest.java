package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker that gets the protocol wrong is told what, and harms only itself. */
class ProtocolMisuseTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void an_unknown_method_is_named() {
        TestJob job = sandbox.program("result(call('ctx.state.increment', {'key': 'k'}))")
                .start();

        JsonNode answer = job.succeeded();
        assertThat(answer.at("/error/code").intValue()).isEqualTo(-32601);
        assertThat(answer.at("/error/message").textValue()).contains("ctx.state.increment");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ctx.state.get    | {}                                                    | key",
                "ctx.state.get    | {'key': 7}                                            | key",
                "ctx.state.set    | {'key': ''}                                           | key",
                "ctx.state.set    | {'key': 'k'}                                          | value",
                "ctx.state.set    | {'key': 'k', 'value': 1, 'opts': {'ttl': -5}}         | ttl",
                "ctx.state.delete | ['k']                                                 | object",
                "ctx.logger.log   | {'level': 'loud', 'message': 'hello'}                 | level",
                "ctx.progress     | {'progress': 101}                                     | progress",
                "ctx.emit         | {'event': {'type': 'shout', 'data': {'name': 'x'}}}   | type",
                "ctx.flow.emit    | {'payload': 1}                                        | trigger"
            })
    void wrong_parameters_are_named(String method, String params, String parameter) {
        TestJob job = sandbox.program("result(call('%s', %s))".formatted(method, params))
                .start();

        JsonNode answer = job.succeeded();
        assertThat(answer.at("/error/code").intValue()).isEqualTo(-32602);
        assertThat(answer.at("/error/message").textValue()).contains(parameter);
    }

    @Test
    void a_reply_to_nothing_is_ignored_and_counted() {
        double before = ignoredReplies();
        TestJob job = sandbox.program("""
                send(id=4711, result="you asked?")
                send(id=None, error={"code": 1, "message": "what?"})
                send(id="text", result=None)
                answer = call("ctx.state.get", {"key": "k"})
                result(answer["result"])
                """).start();

        assertThat(job.succeeded().isNull()).isTrue();
        assertThat(ignoredReplies()).isGreaterThanOrEqualTo(before + 3);
    }

    @Test
    void of_two_results_the_first_counts() {
        double before = ignoredReplies();
        TestJob job = sandbox.program("""
                result("first")
                result("second")
                send(id=execute["id"], error={"code": 1, "message": "third"})
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("first");
        job.awaitPodEnd();
        assertThat(job.get().getStatus().result()).hasToString("\"first\"");
        assertThat(ignoredReplies()).isGreaterThanOrEqualTo(before + 2);
    }

    private static double ignoredReplies() {
        return sandbox.installation().metric("podwork_context_replies_ignored_total");
    }

    @Test
    void after_the_end_nothing_counts() {
        TestJob job = sandbox.program("""
                result("done")
                time.sleep(2)
                send(id=200, method="ctx.progress", params={"progress": 99})
                send(id=201, method="ctx.flow.emit", params={"trigger": "too.late"})
                result("late")
                sys.stdout.flush()
                time.sleep(1)
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
        job.awaitPodEnd();
        assertThat(job.get().getStatus().result()).hasToString("\"done\"");
        assertThat(job.get().getStatus().progress()).isNull();
        assertThat(job.attempt().emits()).isEmpty();
    }

    @Test
    void a_worker_that_stays_after_its_result_is_stopped() {
        TestJob job = sandbox.program("""
                import signal
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                result("done")
                while True:
                    time.sleep(1)
                """).start();

        assertThat(job.succeeded().textValue()).isEqualTo("done");
        job.awaitPodEnd();
    }
}
