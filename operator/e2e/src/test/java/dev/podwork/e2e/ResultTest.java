package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Reasons;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever JSON can carry is a result, nothing else is. */
class ResultTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "0", "\"\"", "[]", "{\"a\":{\"b\":[1.5,null,\"ü\"]}}"})
    void what_python_returns_is_the_result(String json) {
        TestJob job =
                sandbox.python("""
                import json

                def handler(job, ctx):
                    return json.loads(job["data"]["json"])
                """).data("{\"json\": " + quoted(json) + "}").start();

        assertThat(job.succeeded()).hasToString(json);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "0", "\"\""})
    void what_node_returns_is_the_result(String json) {
        TestJob job = sandbox.node("export default async (job) => JSON.parse(job.data.json)")
                .data("{\"json\": " + quoted(json) + "}")
                .start();

        assertThat(job.succeeded()).hasToString(json);
    }

    @Test
    void undefined_is_null() {
        assertThat(sandbox.node("export default async () => {}")
                        .start()
                        .succeeded()
                        .isNull())
                .isTrue();
    }

    @Test
    void an_answer_without_a_result_is_null() {
        assertThat(sandbox.program("send(id=execute['id'])").start().succeeded().isNull())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{1, 2}", "object()", "b'bytes'", "float('nan')", "{'model': {'layers': [object()]}}"})
    void what_json_can_not_carry_is_told_with_its_place(String expression) {
        TestJob job = sandbox.python("def handler(job, ctx):\n    return " + expression + "\n")
                .start();

        JobStatus status = job.failed(Reasons.RESULT_NOT_SERIALIZABLE);
        if (expression.contains("layers")) {
            assertThat(status.message()).contains("layers");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"10n", "(() => { const a = {}; a.a = a; return a })()"})
    void what_json_can_not_carry_from_node(String expression) {
        sandbox.node("export default async () => " + expression).start().failed(Reasons.RESULT_NOT_SERIALIZABLE);
    }

    @Test
    void a_result_of_256_kibibytes_is_kept() {
        TestJob job = sandbox.python("def handler(job, ctx):\n    return 'x' * (256 * 1024 - 2)\n")
                .start();

        assertThat(job.succeeded().textValue()).hasSize(256 * 1024 - 2);
    }

    @Test
    void a_larger_one_fails_and_says_the_limit() {
        TestJob job = sandbox.python("def handler(job, ctx):\n    return 'x' * (256 * 1024)\n")
                .start();

        assertThat(job.failed(Reasons.RESULT_TOO_LARGE).message()).contains("262144");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
