package dev.podwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.job.Emit;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of one worker that run at the same time have nothing of one another's. */
class JobsApartTest {
    private static final int JOBS = 4;
    /** Each waits until all have begun, and the one that dies does so in the middle of the others' work. */
    private static final String WORKER = """
            apiVersion: podwork.dev/v1alpha1
            kind: WorkerDefinition
            metadata: {name: busy}
            spec:
              runtime: python
              source:
                inline: |
                  import os, pathlib, time

                  module_state = []

                  def meet(folder, me, everybody):
                      (folder / me).touch()
                      while len(list(folder.iterdir())) < everybody:
                          time.sleep(0.01)

                  def handler(job, ctx):
                      me = ctx.job_id
                      module_state.append(me)
                      meet(pathlib.Path(job["data"]["folder"]), me, job["data"]["jobs"])
                      seen = []
                      for i in range(20):
                          ctx.state.set("who", me)
                          ctx.logger.info(f"log of {me}")
                          ctx.flow.emit("step", {"of": me, "i": i})
                          if i == 10 and job["data"].get("dies"):
                              os._exit(9)
                          seen.append(ctx.state.get("who"))
                      return {"states": sorted(set(seen)), "module": module_state, "pid": os.getpid()}
            """;

    @TempDir
    private Path folder;

    @Test
    void stateLogsEmitsResultsAndEndsAreTheirOwn() throws IOException {
        Files.createDirectory(folder.resolve("meeting"));
        try (Laptop laptop = new Laptop(folder)) {
            List<Job> jobs = laptop.submit(
                    WORKER + IntStream.range(0, JOBS).mapToObj(this::job).collect(Collectors.joining()));
            List<JobStatus> ended = jobs.stream().map(laptop::end).toList();

            for (int i = 1; i < JOBS; i++) {
                String name = "busy-" + i;
                JobStatus status = ended.get(i);
                assertThat(status.phase()).as(name).isEqualTo(Phase.SUCCEEDED);
                assertThat(result(status).path("states")).hasToString("[\"" + name + "\"]");
                assertThat(result(status).path("module")).hasToString("[\"" + name + "\"]");
                assertThat(status.attempts().get(0).emits())
                        .extracting(Emit::payload)
                        .hasSize(20)
                        .allSatisfy(payload ->
                                assertThat(payload.path("of").textValue()).isEqualTo(name));
                assertThat(laptop.lines())
                        .filteredOn(line -> line.startsWith(name + "-1: INFO"))
                        .hasSize(20)
                        .containsOnly(name + "-1: INFO log of " + name);
            }
            assertThat(ended.get(0).phase()).isEqualTo(Phase.FAILED);
            assertThat(ended.get(0).attempts().get(0).exitCode()).isEqualTo(9);
            assertThat(ended.stream()
                            .skip(1)
                            .map(status -> result(status).path("pid").intValue()))
                    .doesNotHaveDuplicates();
        }
    }

    private static JsonNode result(JobStatus status) {
        return Objects.requireNonNull(status.result());
    }

    private String job(int number) {
        return """
                ---
                apiVersion: podwork.dev/v1alpha1
                kind: Job
                metadata: {name: busy-%1$d}
                spec:
                  worker: busy
                  data: {folder: %2$s, jobs: %3$d, dies: %4$s}
                """.formatted(number, folder.resolve("meeting"), JOBS, number == 0);
    }
}
