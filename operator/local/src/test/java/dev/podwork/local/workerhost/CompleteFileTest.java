package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with every key: its manifests, to the letter, are what KubectlApiServerTest applies to an API server. */
class CompleteFileTest {
    private static final Path FOLDER = Path.of("src/test/resources/workerhost");

    @TempDir
    private Path folder;

    @Test
    void theSameFileAlwaysMakesTheSameManifestsAndNotices() throws IOException {
        Imported imported = Imported.text(folder, Files.readString(FOLDER.resolve("complete.yaml")));

        assertThat(imported.exit()).isZero();
        assertThat(imported.out()).isEqualTo(Files.readString(FOLDER.resolve("complete.manifests.yaml")));
        assertThat(imported.err()).isEqualTo(Files.readString(FOLDER.resolve("complete.notices.txt")));
    }
}
