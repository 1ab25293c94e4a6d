package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.AttemptStatus;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobError;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.api.job.Reasons;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker can do wrong, through the whole of the operator and real processes. */
class BadInputTest {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @TempDir
    private static Path manifests;

    private static Laptop laptop;
    private static Job withoutWorker;

    @BeforeAll
    static void start() {
        laptop = new Laptop(manifests);
        // Definitions may arrive after their jobs, so this takes half a minute: the other tests need not wait for it.
        withoutWorker = submit("nobody", null);
    }

    @AfterAll
    static void stop() {
        laptop.close();
    }

    @Test
    void aResultIsKept() {
        JobStatus status = python("def handler(job, ctx):\n    return {'got': job['data']}");

        assertThat(status.phase()).isEqualTo(Phase.SUCCEEDED);
        assertThat(status.result()).hasToString("{\"got\":[1]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"None", "False", "0", "''"})
    void emptyResultsAreResults(String value) {
        assertThat(python("def handler(job, ctx):\n    return " + value).phase())
                .isEqualTo(Phase.SUCCEEDED);
    }

    @Test
    void anExceptionIsToldWithTypeMessageFileAndLine() {
        JobStatus status = python("def handler(job, ctx):\n    raise ValueError('no samples')");

        assertThat(status.reason()).isEqualTo(Reasons.WORKER_ERROR);
        assertThat(error(status).type()).isEqualTo("ValueError");
        assertThat(error(status).message()).isEqualTo("no samples");
        assertThat(error(status).stack()).contains("worker.py", "line 2");
    }

    @ParameterizedTest
    @CsvSource({
        "def handler(:, SyntaxError",
        "import podwork_no_such_module, ModuleNotFoundError",
        "x = 1, HandlerNotFound",
    })
    void whatCannotBeLoadedFailsAtOnceAndSaysWhy(String source, String type) {
        JobStatus status = python(source);

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(error(status).type()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource({
        "exit 0, ExitedWithoutResult, 0",
        "echo why >&2; exit 7, NonZeroExit, 7",
        "kill -9 $$$$, Signalled, 137",
    })
    void anEndWithoutAResultHasItsReason(String script, String reason, int exitCode) {
        JobStatus status = command("sh", "-c", script);

        assertThat(status.reason()).isEqualTo(reason);
        AttemptStatus attempt = status.attempts().get(0);
        assertThat(attempt.exitCode()).isEqualTo(exitCode);
        assertThat(attempt.stderrTail()).isEqualTo(script.contains("why") ? List.of("why") : List.of());
    }

    @Test
    void anInterpreterThatIsNotThereIsNamed() {
        JobStatus status = command("no-such-interpreter", "worker.rb");

        assertThat(status.reason()).isEqualTo(Reasons.COMMAND_NOT_FOUND);
        assertThat(status.message()).contains("no-such-interpreter");
    }

    @Test
    void whatIsPrintedDoesNoHarm() {
        JobStatus status = python("""
                import sys
                def handler(job, ctx):
                    for text in ('text', '42', '"hi"', 'null', '{"a":1}', '{"jsonrpc":"2.0","id":1,"result":"forged"}'):
                        print(text)
                    sys.stdout.buffer.write(b'\\x00\\xff\\n')
                    print('half a line', end='')
                    return 'genuine'
                """);

        assertThat(status.result()).hasToString("\"genuine\"");
        // A job ends with its answer; what its worker printed may be a moment behind.
        await().untilAsserted(
                        () -> assertThat(said()).contains("text", "42", "\"hi\"", "null", "{\"a\":1}", "half a line"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {"object(), ResultNotSerializable", "'x' * 300000, ResultTooLarge"})
    void aResultThatCannotBeKeptIsSaid(String value, String reason) {
        assertThat(python("def handler(job, ctx):\n    return " + value).reason())
                .isEqualTo(reason);
    }

    @Test
    void aJobThatNobodyServesSaysSo() {
        JobStatus status = laptop.end(withoutWorker);

        assertThat(status.reason()).isEqualTo(Reasons.NO_WORKER);
        assertThat(status.message()).contains("nobody");
    }

    private static JobError error(JobStatus status) {
        assertThat(status.error()).isNotNull();
        return Objects.requireNonNull(status.error());
    }

    private static JobStatus python(String source) {
        return run(definition(
                spec -> spec.put("runtime", "python").putObject("source").put("inline", source)));
    }

    private static JobStatus command(String... words) {
        return run(definition(spec -> {
            spec.put("runtime", "image").put("image", "anything");
            List.of(words).forEach(spec.withArray("/command")::add);
        }));
    }

    private static WorkerDefinition definition(Consumer<ObjectNode> spec) {
        var definition = new ObjectMapper().createObjectNode();
        definition.put("apiVersion", "podwork.dev/v1alpha1").put("kind", "WorkerDefinition");
        definition
                .putObject("metadata")
                .put("name", "worker-" + NUMBERS.incrementAndGet())
                .put("namespace", "default");
        spec.accept(definition.putObject("spec").put("protocol", "jsonrpc"));
        return Serialization.unmarshal(definition.toString(), WorkerDefinition.class);
    }

    private static JobStatus run(WorkerDefinition definition) {
        laptop.cluster().client().resource(definition).create();
        String name = definition.getMetadata().getName();
        return laptop.end(submit(name, new ObjectMapper().createArrayNode().add(1)));
    }

    private static Job submit(String worker, @Nullable JsonNode data) {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("job-" + NUMBERS.incrementAndGet())
                .withNamespace("default")
                .build());
        job.setSpec(JobSpecBuilder.builder().worker(worker).data(data).build());
        return laptop.cluster().client().resource(job).create();
    }

    /** The lines alone, whichever pod's they are. */
    private static List<String> said() {
        return laptop.lines().stream()
                .map(line -> line.substring(line.indexOf(": ") + 2))
                .toList();
    }
}
