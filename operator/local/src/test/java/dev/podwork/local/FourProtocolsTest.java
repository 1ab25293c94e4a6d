package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker of each protocol in laptop mode: the programs of their pages in docs/workers. */
class FourProtocolsTest {
    private static final Pattern PROGRAM = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private static Path folder;

    private static Laptop laptop;

    @BeforeAll
    static void start() {
        laptop = new Laptop(folder);
    }

    @AfterAll
    static void stop() {
        laptop.close();
    }

    @ParameterizedTest
    @CsvSource({
        "task, '', {\"length\":12}",
        "http, '', {\"length\":12}",
        "messages, 'config: {upper: {}}', {\"length\":12}",
    })
    void theExampleOfItsPageRuns(String protocol, String more, String result) throws IOException {
        JobStatus status = laptop.run(manifests(protocol, protocol, documented(protocol), more));

        assertThat(status.phase()).as(String.valueOf(status.error())).isEqualTo(Phase.SUCCEEDED);
        assertThat(status.result()).hasToString(result);
    }

    @Test
    void soDoesAHandler() {
        JobStatus status = laptop.run(manifests("jsonrpc", "jsonrpc", """
                def handler(job, ctx):
                    return {"length": len(job["data"]["text"])}
                """, ""));

        assertThat(status.result()).hasToString("{\"length\":12}");
    }

    /** What a worker of each protocol can't do, said in the end of its job. */
    @ParameterizedTest
    @CsvSource({
        "task, InvalidOutput",
        "http, WorkerNotStarted",
        "messages, WorkerNotStarted",
        "jsonrpc, HandlerNotFound"
    })
    void aProgramOfAnotherProtocolFailsAndSaysSo(String protocol, String type) {
        JobStatus status = laptop.run(manifests("no-" + protocol, protocol, "print('hello')", ""));

        assertThat(status.phase()).isEqualTo(Phase.FAILED);
        assertThat(status.error()).isNotNull().extracting("type").isEqualTo(type);
    }

    private static String manifests(String name, String protocol, String program, String more) {
        return """
                apiVersion: podwork.dev/v1alpha1
                kind: WorkerDefinition
                metadata: {name: %1$s}
                spec:
                  runtime: python
                  protocol: %2$s
                  %3$s
                  source:
                    inline: |
                %4$s
                ---
                apiVersion: podwork.dev/v1alpha1
                kind: Job
                metadata: {name: job-of-%1$s}
                spec:
                  worker: %1$s
                  data: {text: twelve chars}
                """.formatted(name, protocol, more, program.indent(6));
    }

    private static String documented(String protocol) throws IOException {
        Path page = Path.of("../../docs/workers/" + protocol + ".md");
        Matcher program = PROGRAM.matcher(Files.readString(page));
        assertThat(program.find()).as("a Python program in %s", page).isTrue();
        return program.group(1);
    }
}
