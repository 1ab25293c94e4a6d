package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.attempt.BackoffBuilder;
import dev.podwork.api.attempt.BackoffType;
import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.attempt.Retry;
import dev.podwork.api.attempt.RetryAction;
import dev.podwork.api.worker.Protocol;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of each key of a worker. */
class ImportTest {
    static final String WORKER = """
            workers:
              - name: My.Worker
                project_path: ./my_worker
                venv_python: ./my_worker/venv/bin/python
                module: src.worker
                function: main
                task_types: [My.Task]
            """;

    @TempDir
    private Path folder;

    private Imported imported(String text, String... options) throws IOException {
        return Imported.text(folder, text, options);
    }

    private WorkerDefinitionSpec spec(String more) throws IOException {
        return imported(WORKER + more.indent(4)).definition().getSpec();
    }

    private String said(String more) throws IOException {
        return imported(WORKER + more.indent(4)).err();
    }

    @Test
    void aMinimalWorkerHasWorkerHostsDefaults() throws IOException {
        Imported imported = imported(WORKER);

        WorkerDefinition definition = imported.definition();
        assertThat(imported.exit()).isZero();
        assertThat(definition.getMetadata().getName()).isEqualTo("my.worker");
        assertThat(definition.getMetadata().getAnnotations()).isEqualTo(Map.of("workerhost/name", "My.Worker"));
        WorkerDefinitionSpec spec = definition.getSpec();
        assertThat(spec.runtime()).isEqualTo(WorkerRuntime.IMAGE);
        assertThat(spec.protocol()).isEqualTo(Protocol.TASK);
        assertThat(spec.image()).isEqualTo("my.worker:latest");
        assertThat(spec.command()).containsExactly("python3", "-m", "podwork.task", "src.worker", "main");
        assertThat(spec.taskTypes()).containsExactly("My.Task");
        assertThat(Objects.requireNonNull(spec.timeouts()).attempt()).isEqualTo("300s");
        assertThat(spec.concurrency()).isEqualTo(1);
        assertThat(spec.template()).isNull();
        assertThat(imported.err())
                .isEqualTo(
                        "host.yaml:1: workers get concurrency: 1 each, because WorkerHost ran one task at a time; raise it in"
                                + " those that may run more\n");
    }

    @Test
    void retriesAreThoseAfterTheFirstTryAndWaitAsWorkerHostDid() throws IOException {
        Retry retry = Objects.requireNonNull(spec("").retry());

        assertThat(retry.attempts()).isEqualTo(4);
        assertThat(retry.backoff())
                .isEqualTo(BackoffBuilder.builder()
                        .type(BackoffType.EXPONENTIAL)
                        .base("1s")
                        .factor(2.0)
                        .jitter(0.0)
                        .build());
        assertThat(retry.rules()).singleElement().satisfies(rule -> {
            assertThat(rule.classes()).containsExactly(FailureClass.TIMEOUT);
            assertThat(rule.action()).isEqualTo(RetryAction.FAIL);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 4", "99, 100", "150, 100"})
    void maxRetriesIsOneLessThanAttempts(int maxRetries, int attempts) throws IOException {
        assertThat(Objects.requireNonNull(spec("max_retries: " + maxRetries).retry())
                        .attempts())
                .isEqualTo(attempts);
    }

    @ParameterizedTest
    @CsvSource({"300, 300s", "0.5, 0.5s", "1_000, 1000s", "'\"${LIMIT:45}\"', 45s", "~, 300s"})
    void timeoutIsInSeconds(String timeout, String attempt) throws IOException {
        assertThat(Objects.requireNonNull(spec("timeout: " + timeout).timeouts())
                        .attempt())
                .isEqualTo(attempt);
    }

    @ParameterizedTest
    @CsvSource({
        "PrismQ.Source.Video_Scraper, prismq.source.video-scraper",
        "-A..B-, a.b",
        "Überall, berall",
        "PrismQ.IdeaInspiration.Source.Video.YouTube.VeryLong.Name.Of.VideoScraper,"
                + " prismq.ideainspiration.source.video.youtube.verylong.n-6e259746",
    })
    void namesBecomeNamesOfKubernetes(String worker, String name) throws IOException {
        assertThat(imported(WORKER.replace("My.Worker", worker))
                        .definition()
                        .getMetadata()
                        .getName())
                .isEqualTo(name)
                .hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void laterWorkersOfATypeAreFallbacks() throws IOException {
        String more = WORKER.replace("workers:\n", "");
        Imported imported = imported(WORKER
                + more.replace("My.Worker", "Second")
                + more.replace("My.Worker", "Third").replace("[My.Task]", "[Other, My.Task]")
                + more.replace("My.Worker", "Alone").replace("My.Task", "Own"));

        assertThat(imported.definitions())
                .extracting(definition -> definition.getSpec().fallback())
                .containsExactly(null, 1, 2, null);
        assertThat(imported.err())
                .contains(
                        "host.yaml:8: worker Second: workers[1] serves the task type My.Task, as My.Worker before it does")
                .doesNotContain("worker Alone");
    }

    @Test
    void descriptionAndMetadataAreAnnotations() throws IOException {
        Imported imported = imported(WORKER + """
                description: "Scrapes: all"
                metadata:
                  version: "1.0.0"
                  python_version: "3.10"
                  dependencies: [requests, torch]
                  "no name": 1
                """.indent(4));

        assertThat(imported.definition().getMetadata().getAnnotations())
                .containsEntry("kubernetes.io/description", "Scrapes: all")
                .containsEntry("workerhost/version", "1.0.0")
                .containsEntry("workerhost/python_version", "3.10")
                .containsEntry("workerhost/dependencies", "requests, torch")
                .hasSize(5);
        assertThat(imported.err()).contains("workers[0].metadata.no name isn't carried over");
        assertThat(imported.out()).contains("# Its image holds what was in ./my_worker", "and Python 3.10");
    }

    @ParameterizedTest
    @CsvSource({
        "./legacy/venv27/bin/python, python2 -m src.worker main",
        "./old/venv36/bin/python3.6, python3 -m src.worker main",
        "./modern/venv312/bin/python, python3 -m podwork.task src.worker main",
        "/usr/bin/python, python3 -m podwork.task src.worker main",
    })
    void pythonsTooOldForTheLauncherRunTheModuleItself(String venv, String command) throws IOException {
        Imported imported = imported(WORKER.replace("./my_worker/venv/bin/python", venv));

        assertThat(String.join(" ", imported.definition().getSpec().command())).isEqualTo(command);
        assertThat(imported.err().contains("must call main itself")).isEqualTo(!command.contains("podwork.task"));
    }

    @Test
    void aWorkerElsewhereIsLeftOutAndTheOthersAreNot() throws IOException {
        Imported imported = imported(WORKER + """
                  - name: Remote
                    type: http
                    url: https://remote-worker.example.com
                """);

        assertThat(imported.exit()).isEqualTo(1);
        assertThat(imported.definition().getMetadata().getName()).isEqualTo("my.worker");
        assertThat(imported.err())
                .contains(
                        "host.yaml:9: worker Remote: workers[1].type is http",
                        "this one is left out",
                        "protocol: http");
    }

    @Test
    void subprocessIsTheUsualType() throws IOException {
        assertThat(spec("type: subprocess").command()).isEqualTo(spec("").command());
        assertThat(said("url: https://example.com")).contains("workers[0].url isn't carried over");
        assertThat(said("type: grpc")).contains("workers[0].type is grpc, and only subprocess can be imported");
    }

    @Test
    void jsonIsReadToo() throws IOException {
        Imported imported = imported("""
                {"workers": [{"name": "A", "project_path": "a", "venv_python": "a/python", "module": "m", "function": "f",
                              "task_types": ["t"], "timeout": 5}]}
                """);

        assertThat(Objects.requireNonNull(imported.definition().getSpec().timeouts())
                        .attempt())
                .isEqualTo("5s");
    }

    @Test
    void yamlsMergesAreResolved() throws IOException {
        Imported imported = imported("usual: &usual {timeout: 7, max_retries: 0, function: other}\n"
                + WORKER.replace("  - name", "  - <<: *usual\n    name"));

        WorkerDefinitionSpec spec = imported.definition().getSpec();
        assertThat(Objects.requireNonNull(spec.timeouts()).attempt()).isEqualTo("7s");
        assertThat(Objects.requireNonNull(spec.retry()).attempts()).isEqualTo(1);
        assertThat(spec.command()).endsWith("main");
    }

    @Test
    void imagesAreNamedByATemplate() throws IOException {
        assertThat(imported(WORKER, "--image", "registry.example.com/team/{name}:2")
                        .definition()
                        .getSpec()
                        .image())
                .isEqualTo("registry.example.com/team/my.worker:2");
    }

    @Test
    void eachWorkerGetsAFileOfItsOwn() throws IOException {
        String second = WORKER.replace("workers:\n", "").replace("My.", "Your.");
        Path output = folder.resolve("new/folder");

        Imported imported = imported(WORKER + second, "-o", output.toString());

        assertThat(imported.out()).isEmpty();
        assertThat(imported.err()).contains("wrote new/folder/my.worker.yaml", "wrote new/folder/your.worker.yaml");
        assertThat(output.resolve("my.worker.yaml")).content().contains("name: my.worker\n");
        assertThat(output.resolve("your.worker.yaml")).content().contains("name: your.worker\n");
    }
}
