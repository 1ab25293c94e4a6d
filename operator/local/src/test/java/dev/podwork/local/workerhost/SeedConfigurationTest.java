package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.worker.WorkerDefinitionSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configuration files in WorkerHost's quick reference; in a text of our own in its form where that is not at hand. */
class SeedConfigurationTest {
    private static final Pattern BLOCK = Pattern.compile("(?s)```yaml\n(.*?)```");
    private static final Path OWN = Path.of("src/test/resources/workerhost/002_form.txt");

    @TempDir
    private Path folder;

    private static List<String> configurations() throws IOException {
        Path seeds = Path.of(Optional.ofNullable(System.getProperty("podwork.seeds"))
                .or(() -> Optional.ofNullable(System.getenv("PODWORK_SEEDS")))
                .filter(given -> !given.isEmpty())
                .orElse("../../../shared/seeds"));
        Path text = OWN;
        if (Files.isDirectory(seeds)) {
            try (Stream<Path> files = Files.list(seeds)) {
                text = files.filter(file -> file.getFileName().toString().startsWith("002_"))
                        .findFirst()
                        .orElse(OWN);
            }
        }
        return BLOCK.matcher(Files.readString(text))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void theExampleIsImported() throws IOException {
        Imported imported = Imported.text(folder, configurations().get(0));

        assertThat(imported.exit()).isZero();
        WorkerDefinitionSpec spec = imported.definition().getSpec();
        assertThat(imported.definition().getMetadata().getName())
                .isEqualTo("prismq.ideainspiration.source.video.youtube.videoscraper");
        assertThat(spec.command()).endsWith("podwork.task", "src.workers.video_scraper", "main");
        assertThat(spec.taskTypes()).containsExactly("PrismQ.YouTube.VideoScrape");
        assertThat(Objects.requireNonNull(spec.timeouts()).attempt()).isEqualTo("300s");
        assertThat(Objects.requireNonNull(spec.retry()).attempts()).isEqualTo(4);
        assertThat(imported.container().getEnv())
                .singleElement()
                .satisfies(variable -> assertThat(variable.getName()).isEqualTo("TASKMANAGER_API_KEY"));
    }

    @Test
    void theMinimalOneIsImported() throws IOException {
        Imported imported = Imported.text(folder, configurations().get(1));

        assertThat(imported.exit()).isZero();
        assertThat(imported.definition().getSpec().command()).endsWith("podwork.task", "worker", "main");
    }

    /** Those that show one thing name no module, so that WorkerHost would refuse them too. */
    @Test
    void ofTheOthersIsSaidWhatTheyLack() throws IOException {
        List<String> others = configurations().stream().skip(2).toList();

        assertThat(others).hasSizeGreaterThanOrEqualTo(2);
        for (String text : others) {
            Imported imported = Imported.text(folder, text);
            assertThat(imported.exit()).as(text).isEqualTo(2);
            assertThat(imported.err()).contains("needs module, the module that holds its function; add it");
        }
        assertThat(Imported.text(folder, others.get(others.size() - 1)).err())
                .contains("worker RemoteWorker: workers[1].type is http");
    }
}
