package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Examples as pods: static programs in the suite's own image, and images that their Dockerfiles make. All of them run in laptop mode. */
class ExamplesTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @ParameterizedTest
    @CsvSource({
        "go, primes-in-go, podwork-e2e-static",
        "c, factors-in-c, podwork-e2e-static",
        "python, prices-in-python, podwork-example-python",
        "node, reminders-in-node, podwork-example-node"
    })
    void an_example(String folder, String job, String image) throws IOException {
        Path example = TestSettings.ROOT.resolve("examples").resolve(folder);
        String manifest = Files.readString(example.resolve("worker.yaml"))
                .replaceFirst("(?m)^  image: .*$", "  image: " + TestSettings.REGISTRY + "/" + image + ":1")
                .replace("[./worker]", "[/examples/" + folder + "/worker]");
        Path file = Files.createTempFile(folder, ".yaml");
        Files.writeString(file, manifest);

        CommandLine.kubectl("-n", sandbox.namespace(), "apply", "-f", file.toString());

        JsonNode expected = new ObjectMapper().readTree(Files.readString(example.resolve("expected.json")));
        assertThat(sandbox.job(job).succeeded()).isEqualTo(expected.path("result"));
        for (JsonNode text : expected.path("log")) {
            assertThat(sandbox.job(job).log("worker")).contains(text.textValue());
        }
    }
}
