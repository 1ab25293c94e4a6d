package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of what a file says of all its workers. */
class ImportSettingsTest {
    private static final String KEY = """
            task_manager:
              api_key: "${TASKMANAGER_API_KEY}"
            """;

    @TempDir
    private Path folder;

    private Imported imported(String settings, String... options) throws IOException {
        return Imported.text(folder, settings + ImportTest.WORKER, options);
    }

    @ParameterizedTest
    @CsvSource({
        "type, amqp",
        "url, https://example.com",
        "poll_interval, 5",
        "timeout, 30",
        "max_retries, 3",
        "retry_backoff, 2"
    })
    void whatIsAboutTheTaskManagerIsSaid(String key, String value) throws IOException {
        Imported imported = imported("task_manager:\n  " + key + ": " + value + "\n");

        assertThat(imported.err()).contains("host.yaml:2: task_manager." + key + " isn't carried over, because");
        assertThat(imported.exit()).isZero();
        assertThat(imported.definition().getSpec().template()).isNull();
    }

    @Test
    void aVariableIsAReferenceToASecret() throws IOException {
        Imported imported = imported(KEY);

        assertThat(imported.container().getEnv()).singleElement().satisfies(variable -> {
            assertThat(variable.getName()).isEqualTo("TASKMANAGER_API_KEY");
            assertThat(variable.getValue()).isNull();
            assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("workerhost");
            assertThat(variable.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("TASKMANAGER_API_KEY");
        });
        String command =
                "kubectl create secret generic workerhost --from-literal=TASKMANAGER_API_KEY=\"$TASKMANAGER_API_KEY\"";
        assertThat(imported.out()).contains("# Before it runs: " + command + "\n");
        assertThat(imported.err())
                .endsWith("\n  " + command + "\n")
                .contains(
                        "host.yaml:2: task_manager.api_key is given to the workers as the variable TASKMANAGER_API_KEY");
    }

    @Test
    void theSecretCanHaveAnotherName() throws IOException {
        Imported imported = imported(KEY, "--secret", "scrapers");

        assertThat(imported.out()).contains("name: scrapers\n");
        assertThat(imported.err()).contains("kubectl create secret generic scrapers ");
    }

    @Test
    void aKeyInPlainTextIsSaid() throws IOException {
        Imported imported = imported("task_manager: {api_key: abc}\n");

        assertThat(imported.err())
                .contains("task_manager.api_key isn't carried over, and stands in this file in plain text");
        assertThat(imported.out()).doesNotContain("abc");
    }

    @Test
    void variablesOfACommandAreReferredToThere() throws IOException {
        Imported imported = Imported.text(folder, ImportTest.WORKER.replace("src.worker", "\"${PACKAGE:src}.worker\""));

        assertThat(imported.definition().getSpec().command())
                .containsExactly("python3", "-m", "podwork.task", "$(PACKAGE).worker", "main");
        assertThat(imported.container().getEnv())
                .singleElement()
                .satisfies(variable -> assertThat(variable.getName()).isEqualTo("PACKAGE"));
        assertThat(imported.err()).contains("--from-literal=PACKAGE=\"${PACKAGE:-src}\"");
    }

    /** The command that is said, run by a shell. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "a \\\"b\\\" $HOME `id` \\\\ 'c'"})
    void theSecretsCommandMakesItOfTheEnvironmentOrTheDefaults(String defaultValue)
            throws IOException, InterruptedException {
        Imported imported = imported("task_manager: {api_key: \"${A_KEY}\", url: \"${A_URL:" + defaultValue + "}\"}\n");
        String command = imported.err().lines().reduce((first, last) -> last).orElseThrow();
        Files.writeString(folder.resolve("kubectl"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
                .toFile()
                .setExecutable(true);

        ProcessBuilder shell = new ProcessBuilder("sh", "-c", command);
        shell.environment().put("PATH", folder + ":" + System.getenv("PATH"));
        shell.environment().put("A_KEY", "it's \"secret\"");
        Process process = shell.start();
        String arguments = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isZero();
        assertThat(arguments.lines())
                .containsExactly(
                        "create",
                        "secret",
                        "generic",
                        "workerhost",
                        "--from-literal=A_KEY=it's \"secret\"",
                        "--from-literal=A_URL="
                                + defaultValue.replace("\\\"", "\"").replace("\\\\", "\\"));
    }

    @Test
    void variablesAreKeptFromWorkersWhereTheFileSaysSo() throws IOException {
        Imported imported = imported(KEY + "advanced: {security: {allow_environment_variables: no}}\n");

        assertThat(imported.definition().getSpec().template()).isNull();
        assertThat(imported.err()).contains("api_key isn't given to the workers (TASKMANAGER_API_KEY), because");
    }

    @Test
    void limitsOfResourcesAreThoseOfTheContainer() throws IOException {
        Imported imported = imported("advanced: {resource_limits: {max_memory_mb: 2048, max_cpu_percent: 80}}\n");

        assertThat(imported.container().getResources().getLimits())
                .isEqualTo(Map.of("memory", new Quantity("2048Mi"), "cpu", new Quantity("800m")));
        assertThat(imported.container().getEnv()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"max_memory_mb, 0", "max_cpu_percent, -5", "max_cpu_percent, lots"})
    void limitsThatAreNoneAreRefused(String key, String value) throws IOException {
        Imported imported = imported("advanced: {resource_limits: {" + key + ": " + value + "}}\n");

        assertThat(imported.exit()).isEqualTo(2);
        assertThat(imported.err()).contains("host.yaml:1: advanced.resource_limits." + key + " must be ");
    }

    @Test
    void aPoolsSizeIsTheConcurrency() throws IOException {
        Imported pool = imported("""
                advanced:
                  worker_pool: {enabled: yes, min_workers: 1, max_workers: 5, idle_timeout: 300}
                """);

        assertThat(pool.definition().getSpec().concurrency()).isEqualTo(5);
        assertThat(pool.err())
                .contains("worker_pool.min_workers isn't carried over", "worker_pool.idle_timeout isn't carried over")
                .doesNotContain("one task at a time");
    }

    @Test
    void withoutAPoolOneTaskRunsAtATime() throws IOException {
        Imported none = imported("advanced: {worker_pool: {enabled: false, max_workers: 5}}\n");

        assertThat(none.definition().getSpec().concurrency()).isEqualTo(1);
        assertThat(none.err()).contains("get concurrency: 1 each, because WorkerHost ran one task at a time");
    }

    @Test
    void otherSettingsAreSaid() throws IOException {
        Imported imported = imported("""
                version: "2.0"
                logging: {level: INFO}
                monitoring: {enabled: true}
                advanced:
                  security: {validate_worker_paths: true, restricted_modules: [os]}
                """);

        assertThat(imported.exit()).isZero();
        assertThat(imported.err())
                .contains(
                        "host.yaml:1: version is 2.0, and this import knows version 1.0",
                        "host.yaml:2: logging isn't carried over",
                        "host.yaml:3: monitoring isn't carried over",
                        "host.yaml:5: advanced.security.validate_worker_paths isn't carried over",
                        "host.yaml:5: advanced.security.restricted_modules isn't carried over");
    }

    @Test
    void overridesInTheEnvironmentAreSaidAndNotLookedAt() throws IOException {
        Path file = Files.writeString(folder.resolve("host.yaml"), ImportTest.WORKER);

        Imported with = Imported.files(Map.of("WORKERHOST_TASKMANAGER_URL", "x", "HOME", "/"), List.of(file));

        assertThat(with.err()).contains("WORKERHOST_TASKMANAGER_URL: is set and was not looked at");
        assertThat(with.out()).isEqualTo(Imported.files(Map.of(), List.of(file)).out());
    }
}
