package dev.podwork.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Emit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that were written for another system run as they are; what they call and don't define lies in a file beside them. */
class SeedProgramsTest {
    private static final Pattern BLOCK = Pattern.compile(
            "^```\\w+\\n((?:#|//) server/queues/\\S+/(\\S+)\\n.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    @RegisterExtension
    static final Sandbox sandbox = new Sandbox();

    static Stream<Arguments> trainModel() throws IOException {
        return programs("train_model.py", "python");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trainModel")
    void train_model(String where, String program) {
        TestJob job = sandbox.python("")
                .configMap("train_model.py", Map.of("train_model.py", program, "podwork_globals.py", """
                        class Model(dict):
                            accuracy = 0.95

                        def train_model(samples):
                            return Model(samples=samples)
                        """))
                .data("{\"samples\":[1,2,3]}")
                .flow("ml")
                .start();

        JsonNode result = job.succeeded();
        if (program.contains("run_worker")) {
            assertThat(result).hasToString("{\"samples\":{\"samples\":[1,2,3]}}");
            assertThat(job.log("worker")).contains("Starting training");
        } else {
            assertThat(result).hasToString("{\"accuracy\":0.95,\"version\":\"1.0\"}");
            assertThat(job.log("worker")).contains("Training model", "\"samples\":3");
            assertThat(job.attempt().emits().get(0).payload()).hasToString("{\"accuracy\":0.95}");
        }
        assertThat(job.attempt().emits()).extracting(Emit::name).containsExactly("model.trained");
    }

    static Stream<Arguments> compute() throws IOException {
        return programs("compute.ts", "node");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("compute")
    void compute(String where, String program) {
        TestJob job = sandbox.node("")
                .mounted("compute.ts", Map.of("compute.ts", program, "utils/heavyComputation.ts", """
                        export async function heavyComputation(data: { n: number }): Promise<number> {
                          return data.n * 2
                        }
                        """))
                .data("{\"n\":21}")
                .start();

        assertThat(job.succeeded().intValue()).isEqualTo(42);
        assertThat(job.log("worker")).contains("Computation complete");
    }

    static Stream<Arguments> sendEmail() throws IOException {
        return programs("send-email.ts", "node");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sendEmail")
    void send_email(String where, String program) {
        TestJob job = sandbox.node("")
                .mounted("send-email.ts", Map.of("send-email.ts", program, "utils/sendEmail.ts", """
                        export async function sendEmail(mail: { to: string }): Promise<void> {
                          console.log(`sent to ${mail.to}`)
                        }
                        """))
                .data("{\"to\":\"ada@example.com\"}")
                .start();

        assertThat(job.succeeded()).hasToString("{\"sent\":true}");
        assertThat(job.log("worker")).contains("sent to ada@example.com");
    }

    private static Stream<Arguments> programs(String file, String sdk) throws IOException {
        List<Arguments> found = new java.util.ArrayList<>();
        for (Path document : documents(sdk)) {
            Matcher block = BLOCK.matcher(Files.readString(document));
            while (block.find()) {
                if (block.group(2).equals(file)) {
                    found.add(Arguments.of(document.getFileName() + " " + (found.size() + 1), block.group(1)));
                }
            }
        }
        assertThat(found).as("programs named %s", file).isNotEmpty();
        return found.stream();
    }

    private static List<Path> documents(String sdk) throws IOException {
        if (TestSettings.SEEDS == null) {
            try (Stream<Path> ours = Files.list(TestSettings.ROOT.resolve("worker-images/" + sdk + "/tests/seeds"))) {
                return ours.sorted().toList();
            }
        }
        try (Stream<Path> given = Files.list(Path.of(TestSettings.SEEDS))) {
            return given.filter(path -> path.getFileName().toString().matches("00[01]_.*"))
                    .sorted()
                    .toList();
        }
    }
}
