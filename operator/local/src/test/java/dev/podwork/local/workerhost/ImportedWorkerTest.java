package dev.podwork.local.workerhost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import dev.podwork.local.Laptop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/import.md, imported and run. */
class ImportedWorkerTest {
    private static final Path EXAMPLE =
            Path.of("../../examples/workerhost").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void runsAJob() throws IOException, InterruptedException {
        Path config = folder.resolve("workerhost_config.yaml");
        Files.copy(EXAMPLE.resolve("workerhost_config.yaml"), config);
        Files.createSymbolicLink(
                Files.createDirectory(folder.resolve("scorer")).resolve("workers"), EXAMPLE.resolve("scorer/workers"));
        makeVenv(folder.resolve("scorer/venv"));
        Imported imported = Imported.files(
                Map.of(),
                List.of(config),
                "--laptop",
                "-o",
                folder.resolve("out").toString());
        assertThat(imported.exit()).as(imported.err()).isZero();

        try (Laptop laptop = new Laptop(folder)) {
            JobStatus status = laptop.end(laptop.submit(List.of(
                            folder.resolve("out").toString(),
                            EXAMPLE.resolve("job.yaml").toString()))
                    .get(0));
            assertThat(status.phase()).as(String.valueOf(status.message())).isEqualTo(Phase.SUCCEEDED);
            assertThat(status.result()).hasToString("{\"sentences\":3,\"longest\":11}");
        }
    }

    @Test
    void whatIsNotOnThisMachineIsSaid() throws IOException {
        Imported imported = Imported.text(folder, ImportTest.WORKER, "--laptop");

        assertThat(imported.exit()).isEqualTo(2);
        assertThat(imported.err())
                .contains(
                        "workers[0] has the venv_python my_worker/venv/bin/python, which is no program of this machine; make the"
                                + " virtual environment",
                        "workers[0] has the project_path my_worker, which is no folder of this machine");
    }

    private static void makeVenv(Path venv) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("python3", "-m", "venv", "--without-pip", venv.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
    }
}
