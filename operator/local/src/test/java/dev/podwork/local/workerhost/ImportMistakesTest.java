package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with a file is said with its place and its cure, and then nothing is written. */
class ImportMistakesTest {
    private static final String WORKER = ImportTest.WORKER;

    @TempDir
    private Path folder;

    private Imported imported(String text, String... options) throws IOException {
        return Imported.text(folder, text, options);
    }

    private String said(String more) throws IOException {
        return imported(WORKER + more.indent(4)).err();
    }

    @Test
    void moreRetriesThanThereCanBeAreSaid() throws IOException {
        assertThat(said("max_retries: 150"))
                .contains(
                        "host.yaml:8: worker My.Worker: workers[0].max_retries is 150, and there are at most 100 attempts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout: 0|host.yaml:8: worker My.Worker: workers[0].timeout must be seconds above 0",
                "timeout: -1|workers[0].timeout must be seconds above 0",
                "timeout: soon|workers[0].timeout must be a number of seconds, not 'soon'; correct it",
                "timeout: [5]|workers[0].timeout must be a text, and not empty; write one",
                "timeout: \"${LIMIT}\"|workers[0].timeout refers to ${LIMIT}, which has to be known",
                "max_retries: -1|workers[0].max_retries must be a whole number of at least 0, not -1; correct it",
                "max_retries: 1.5|workers[0].max_retries must be a whole number",
                "metadata: text|workers[0].metadata must be an object with members; correct it",
                "timeout: 1\\ntimeout: 2|host.yaml:9: worker My.Worker: workers[0].timeout is there twice; remove one",
            })
    void wrongValuesAreNamedWithTheirCure(String more, String problem) throws IOException {
        Imported imported = imported(WORKER + more.replace("\\n", "\n").indent(4));

        assertThat(imported.err()).contains(problem);
        assertThat(imported.exit()).isEqualTo(2);
        assertThat(imported.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "project_path", "venv_python", "module", "function", "task_types"})
    void whatIsMissingIsNamed(String key) throws IOException {
        Imported imported = imported(WORKER.replaceFirst("(?m)(- )?" + key + ": .*", "$1x: 1"));

        assertThat(imported.exit()).isEqualTo(2);
        assertThat(imported.err()).contains("host.yaml:2: ").contains("workers[0] needs " + key + ", ");
    }

    @Test
    void namesThatAreTheSameInKubernetesAreRefused() throws IOException {
        String second = WORKER.replace("workers:\n", "").replace("My.Worker", "MY.worker");

        assertThat(imported(WORKER + second).err())
                .contains(
                        "host.yaml:8: worker MY.worker: workers[1] would be named my.worker, as My.Worker at host.yaml:2 is");
    }

    @Test
    void taskTypesThatCannotBeAreRefused() throws IOException {
        assertThat(imported(WORKER.replace("[My.Task]", "[]")).err()).contains("workers[0].task_types is empty");
        assertThat(imported(WORKER.replace("[My.Task]", "[" + "x".repeat(300) + "]"))
                        .err())
                .contains("workers[0] makes a definition that would be refused", "taskTypes[0] must be at most 253");
        assertThat(imported(WORKER.replace("[My.Task]", "One"))
                        .definition()
                        .getSpec()
                        .taskTypes())
                .containsExactly("One");
    }

    @Test
    void keysThatWorkerHostDoesNotKnowAreSaid() throws IOException {
        assertThat(said("timout: 5"))
                .contains("workers[0].timout is no key of WorkerHost's, and isn't carried over; did you mean"
                        + " timeout?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'workers: [\n'|host.yaml:2: is not YAML:",
                "''|host.yaml: is empty; it needs workers",
                "'version: \"1.0\"'|host.yaml:1: the file needs workers, a list of them",
                "'[1]'|host.yaml:1: the file must be an object with members",
                "'a: 1\n---\nb: 2'|host.yaml:2: is not YAML:",
            })
    void whatIsNoConfigurationIsRefused(String text, String problem) throws IOException {
        Imported imported = imported(text);

        assertThat(imported.err()).contains(problem);
        assertThat(imported.exit()).isEqualTo(2);
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        Path text = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});

        Imported imported = Imported.files(Map.of(), List.of(folder.resolve("none.yaml"), folder, text));

        assertThat(imported.exit()).isEqualTo(2);
        assertThat(imported.err())
                .contains("none.yaml: there is no such file", folder + ": can't be read", "latin.yaml: is not UTF-8");
    }
}
