package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.JobStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the README promises of a cluster, with the README's own commands. */
class ReadmeTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @Test
    void the_examples_run_and_everything_about_them_is_visible() {
        kubectl("apply", "-f", "examples/");

        seeEverything(sandbox.job("hello-python"));
        seeEverything(sandbox.job("hello-node"));
        assertThat(kubectl("get", "pj", "hello-python", "-o", "yaml")).contains("invoices: 3", "name: invoice.large");
    }

    private static void seeEverything(TestJob job) {
        JsonNode result = job.succeeded();
        JobStatus status = job.get().getStatus();

        assertThat(kubectl("get", "pj")).containsPattern("(?m)^" + job.name() + " +Succeeded ");
        assertThat(kubectl("get", "pj", job.name(), "-o", "jsonpath={.status.result}"))
                .isEqualTo(result.isTextual() ? result.textValue() : result.toString());
        assertThat(kubectl("get", "pj", job.name(), "-o", "yaml")).contains("result:", "progress:", "percent: 100");
        assertThat(kubectl("describe", "pj", job.name())).contains("Progress:", "Succeeded", job.name() + "-1");
        assertThat(kubectl("logs", job.name() + "-1", "-c", "worker")).isNotBlank();
        assertThat(kubectl("wait", "--for=condition=Complete", "pj/" + job.name()))
                .contains("condition met");
        assertThat(status.attempts()).hasSize(1);
    }

    @Test
    void the_worker_of_ones_own_runs() throws IOException {
        Matcher manifest = Pattern.compile("```yaml\\n(apiVersion: podwork.dev/.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(TestSettings.ROOT.resolve("README.md")));
        assertThat(manifest.find()).as("a manifest in the README").isTrue();
        Path file = Files.createTempFile("greet", ".yaml");
        Files.writeString(file, manifest.group(1));

        String created = kubectl("create", "-f", file.toString(), "-o", "name");

        String name = created.lines()
                .filter(line -> line.startsWith("job.podwork.dev/"))
                .map(line -> line.substring("job.podwork.dev/".length()))
                .findFirst()
                .orElseThrow();
        JsonNode result = sandbox.job(name).succeeded();
        assertThat(result.get("greeting").textValue()).isEqualTo("Hello, Ada!");
        assertThat(result.get("count").intValue()).isEqualTo(1);
    }

    private static String kubectl(String... arguments) {
        return CommandLine.kubectl(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("-n", sandbox.namespace()), java.util.Arrays.stream(arguments))
                .toArray(String[]::new));
    }
}
