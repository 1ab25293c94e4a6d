package dev.podwork.local.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestValidatorTest {
    private static final String JOB = """
            apiVersion: podwork.dev/v1alpha1
            kind: Job
            metadata: {name: hello}
            spec:
              worker: hello
              data: {any: [1, {thing: null}]}
            """;
    private static final String DEFINITION = """
            apiVersion: podwork.dev/v1alpha1
            kind: WorkerDefinition
            metadata: {name: hello}
            spec:
              runtime: python
              source: {inline: "print(1)"}
              template:
                spec:
                  containers:
                    - name: worker
                      resources: {limits: {memory: 64Mi, cpu: 1}}
            """;

    @Test
    void goodManifestsAreTaken() {
        check(JOB + "---\n" + DEFINITION + """
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: code}
                data: {a.py: "x = 1"}
                ---
                # nothing but a comment
                """);
    }

    @Test
    void anUnknownFieldIsNamedWithLineAndCure() {
        assertProblems(
                JOB.replace("  worker:", "  wroker:"),
                "stdin:5: Job hello: spec.wroker is not a field; did you mean worker?");
    }

    @Test
    void aFieldLikeNoOtherIsAnsweredWithAllThatThereAre() {
        assertProblems(
                JOB + "  somethingElse: 1\n",
                "stdin:7: Job hello: spec.somethingElse is not a field; there are cancelled, data, flow, metadata, notBefore,"
                        + " priority, retry, stream, suspended, timeouts, type, worker, workerRevision");
    }

    @Test
    void fieldsDeepInATemplateAreChecked() {
        assertProblems(
                DEFINITION.replace("resources:", "resuorces:"),
                "stdin:11: WorkerDefinition hello: spec.template.spec.containers[0].resuorces is not a field; did you mean resources?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "runtime: python | runtime: ruby | stdin:5: WorkerDefinition hello: spec.runtime must be",
                "runtime: python | runtime: ruby | not 'ruby'",
                "inline: | inlien: | spec.source.inlien is not a field; did you mean inline?",
                "name: hello | name: Hello World | stdin:3: WorkerDefinition Hello World: metadata.name must match",
                "memory: 64Mi | memory: [] | resources.limits.memory must be a number or a string, not a list",
                "kind: WorkerDefinition | kind: Workerdefinition | stdin:2: Workerdefinition hello: kind must be one of ConfigMap",
                "v1alpha1 | v1 | apiVersion must be podwork.dev/v1alpha1, not 'podwork.dev/v1'",
                "metadata: | meta: | metadata is required",
                "{name: hello} | {} | stdin:3: WorkerDefinition: metadata needs a name",
            })
    void mistakesAreToldWithTheirCure(String text, String mistake, String message) {
        assertThatExceptionOfType(ManifestException.class)
                .isThrownBy(() -> check(DEFINITION.replace(text, mistake)))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "timeouts: {attempt: 0s} | spec.timeouts.attempt must be a duration above 0 such as 90s, 5m or 1h30m",
                "timeouts: {queue: 5 minutes} | spec.timeouts.queue must be a duration above 0",
                "timeouts: {start: 1h, total: 10x} | remove it; '10x' is none",
                "timeouts: {attempt: 90} | spec.timeouts.attempt must be a string, not the number 90",
                "timeouts: {atempt: 90s} | spec.timeouts.atempt is not a field; did you mean attempt?",
                "retry: {attempts: 0} | spec.retry.attempts must be at least 1",
                "retry: {attempts: 101} | spec.retry.attempts must be at most 100",
                "retry: {backoff: {base: 0s}} | spec.retry.backoff.base must be a duration above 0",
                "retry: {backoff: {max: -1s}} | spec.retry.backoff.max must be a duration above 0",
                "retry: {backoff: {jitter: 2}} | spec.retry.backoff.jitter must be at most 1",
                "retry: {backoff: {type: Linear}} | spec.retry.backoff.type must be Exponential or Fixed, not 'Linear'",
                "retry: {rules: [{action: Fail}]} | spec.retry.rules[0] must say which failures it is for",
                "retry: {rules: [{exitCodes: [3]}]} | spec.retry.rules[0].action is required",
                "retry: {rules: [{classes: [Wroker], action: Fail}]} | spec.retry.rules[0].classes[0] must be",
                "retry: {rules: [{messagePattern: '[a', action: Fail}]} | spec.retry.rules[0].messagePattern must be a regular",
            })
    void limitsAndRulesThatWouldBeIgnoredAreRefused(String field, String message) {
        for (String manifest : List.of(JOB, DEFINITION)) {
            assertThatExceptionOfType(ManifestException.class)
                    .isThrownBy(() -> check(manifest.replace("\nspec:\n  ", "\nspec:\n  " + field + "\n  ")))
                    .withMessageContaining(message);
        }
    }

    @Test
    void limitsAndRulesThatAreRightAreTaken() {
        check(JOB + """
                  timeouts: {queue: 90s, start: 1h30m, attempt: 1500ms, total: 2h}
                  retry:
                    attempts: 3
                    backoff: {type: Fixed, base: 1s, max: 5m, factor: 1.5, jitter: 0}
                    rules: [{messagePattern: "^no [a-z]+$", action: Fail}, {exitCodes: [3], action: Ignore}]
                """);
    }

    @Test
    void aJobAsksForAWorkerOrATypeAndNotForBoth() {
        assertProblems(
                JOB.replace("  worker: hello", "  worker: hello\n  type: greet"),
                "stdin:4: Job hello: spec must have exactly one of worker (a WorkerDefinition's name) and type (one of its"
                        + " taskTypes)");
    }

    @Test
    void valuesOfAConfigMapMustBeStrings() {
        assertProblems(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: c}
                data:
                  port: 80
                """,
                "stdin:5: ConfigMap c: data.port must be a string, not the number 80 (in quotes it is a string: \"80\")");
    }

    @Test
    void allMistakesOfAllDocumentsAreToldAtOnce() {
        assertProblems(
                JOB.replace("worker: hello", "worker: 1") + "---\n" + JOB.replace("kind: Job", "kind: Jab"),
                "stdin:5: Job hello: spec.worker must be a string, not the number 1 (in quotes it is a string: \"1\")",
                "stdin:9: Jab hello: kind must be one of ConfigMap, Job, Secret, WorkerDefinition, not Jab");
    }

    @Test
    void twoOfOneNameAreTold() {
        assertProblems(
                JOB + "---\n" + JOB,
                "stdin:10: Job hello: metadata.name is there already, in stdin:3; give one of them another name");
    }

    @Test
    void textThatIsNoYamlIsToldWithItsLine() {
        assertThatExceptionOfType(ManifestException.class)
                .isThrownBy(() -> check("a: b\n  c: d\n"))
                .withMessageStartingWith("stdin:2: is not YAML: ");
    }

    @Test
    void anchorsAreFollowed() {
        Manifest job = check(JOB.replace("data: {any: [1, {thing: null}]}", "data: {a: &x [1], b: *x}"))
                .get(0);

        assertThat(job.content().at("/spec/data/b/0").asInt()).isEqualTo(1);
    }

    @Test
    void filesAndFoldersAreReadInOrder(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("b.yml"), JOB);
        Files.writeString(folder.resolve("a.yaml"), DEFINITION);
        Files.writeString(folder.resolve("worker.py"), "not a manifest");

        List<Manifest> manifests = ManifestReader.read(List.of(folder.toString()), InputStream.nullInputStream());

        assertThat(manifests).extracting(Manifest::kind).containsExactly("WorkerDefinition", "Job");
        assertThat(manifests.get(0).directory()).isEqualTo(folder);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatExceptionOfType(ManifestException.class)
                .isThrownBy(() -> ManifestReader.read(List.of("no/such.yaml"), InputStream.nullInputStream()))
                .withMessage("no/such.yaml: there is no such file or folder");
    }

    private static void assertProblems(String text, String... problems) {
        assertThatExceptionOfType(ManifestException.class)
                .isThrownBy(() -> check(text))
                .withMessage(String.join("\n", problems));
    }

    private static List<Manifest> check(String text) {
        InputStream stdin = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        List<Manifest> manifests = ManifestReader.read(List.of(ManifestReader.STDIN), stdin);
        new ManifestValidator().validate(manifests);
        return manifests;
    }
}
