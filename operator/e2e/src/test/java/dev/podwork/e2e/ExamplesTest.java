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

/** The examples that are one static program each, as pods; all of them run in laptop mode. */
class ExamplesTest {
    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    @ParameterizedTest
    @CsvSource({"go, primes-in-go", "c, factors-in-c"})
    void a_static_program(String folder, String job) throws IOException {
        Path example = TestSettings.ROOT.resolve("examples").resolve(folder);
        String manifest = Files.readString(example.resolve("worker.yaml"))
                .replaceFirst("(?m)^  image: .*$", "  image: " + TestSettings.STATIC_IMAGE)
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
