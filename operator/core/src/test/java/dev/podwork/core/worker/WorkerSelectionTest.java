package dev.podwork.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.job.JobStatus;
import dev.podwork.api.job.JobStatusBuilder;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerSelectionTest {
    private static final String JANUARY = "2026-01-01T00:00:00Z";
    private static final String FEBRUARY = "2026-02-01T00:00:00Z";

    @Test
    void aWorkerIsFoundByItsName() {
        assertThat(select(worker("b"), definition("a", JANUARY), definition("b", JANUARY)))
                .isEqualTo("b");
    }

    @Test
    void taskTypesAreNotNamesOfWorkers() {
        assertThat(select(worker("train"), definition("a", JANUARY, "train"))).isNull();
    }

    @Test
    void aTypeIsFoundAmongTaskTypes() {
        assertThat(select(type("train_model"), definition("a", JANUARY), definition("b", JANUARY, "x", "train_model")))
                .isEqualTo("b");
    }

    @Test
    void aNameIsATaskTypeToo() {
        assertThat(select(type("a"), definition("a", JANUARY, "x"))).isEqualTo("a");
    }

    @Test
    void theOldestServesAType() {
        assertThat(select(type("t"), definition("a", FEBRUARY, "t"), definition("b", JANUARY, "t")))
                .isEqualTo("b");
        assertThat(select(type("t"), definition("t", FEBRUARY), definition("b", JANUARY, "t")))
                .isEqualTo("b");
    }

    @Test
    void ofEquallyOldOnesTheFirstByNameServesAType() {
        assertThat(select(type("t"), definition("b", JANUARY, "t"), definition("a", JANUARY, "t")))
                .isEqualTo("a");
    }

    @Test
    void oneThatTheApiServerHasNotDatedComesLast() {
        assertThat(select(type("t"), definition("a", null, "t"), definition("b", FEBRUARY, "t")))
                .isEqualTo("b");
    }

    @Test
    void whoCanRunJobsIsAskedBeforeWhoCanNot() {
        assertThat(candidates(type("t"), tried(), definition("a", JANUARY, "t"), ready("b", 0), ready("c", 5)))
                .containsExactly("b", "c", "a");
    }

    @Test
    void whoIsAFallbackIsAskedInThatOrder() {
        assertThat(candidates(type("t"), tried(), ready("a", 2), ready("b", 1), ready("c", 0)))
                .containsExactly("c", "b", "a");
    }

    @Test
    void whoHasFailedAtTheJobIsAskedLast() {
        JobStatus failed =
                tried("{number: 1, pod: j-1, worker: a, failureClass: Worker}", "{number: 2, pod: j-2, worker: b}");

        assertThat(candidates(type("t"), failed, ready("a", 0), ready("b", 1), ready("c", 100)))
                .containsExactly("b", "c", "a");
        assertThat(WorkerSelection.rank(ready("b", 1), failed)).isEqualTo(1);
        assertThat(WorkerSelection.rank(ready("c", 0), failed)).isZero();
    }

    @Test
    void aNodeThatWasLostIsNotTheWorkersFailure() {
        JobStatus lost = tried("{number: 1, pod: j-1, worker: a, failureClass: Infrastructure}");

        assertThat(candidates(type("t"), lost, ready("a", 0), ready("b", 1))).containsExactly("a", "b");
    }

    @Test
    void whoHasTheRevisionThatTheJobWantsIsAskedFirst() {
        JobSpec wants = Serialization.unmarshal("---\n{type: t, workerRevision: aaaaaaaaaa}", JobSpec.class);

        assertThat(WorkerSelection.isWanted(ready("a", 0), wants)).isFalse();
        assertThat(WorkerSelection.isWanted(ready("a", 0), type("t"))).isTrue();
        assertThat(WorkerSelection.isWanted(definition("a", null, "t"), wants)).isFalse();
    }

    @Test
    void nobodyServesWhatNobodyNames() {
        assertThat(select(type("t"))).isNull();
        assertThat(select(type("T"), definition("t", JANUARY, "tt"))).isNull();
        assertThat(select(JobSpecBuilder.builder().build(), definition("t", JANUARY)))
                .isNull();
    }

    @Test
    void aDefinitionServesItsNameAndItsTaskTypes() {
        assertThat(WorkerSelection.taskTypes(definition("a", JANUARY, "x", "a")))
                .containsExactly("a", "x");
    }

    private static @Nullable String select(JobSpec job, WorkerDefinition... definitions) {
        return candidates(job, JobStatusBuilder.builder().build(), definitions).stream()
                .findFirst()
                .orElse(null);
    }

    private static List<String> candidates(JobSpec job, JobStatus status, WorkerDefinition... definitions) {
        return WorkerSelection.candidates(job, status, List.of(definitions)).stream()
                .map(definition -> definition.getMetadata().getName())
                .toList();
    }

    private static JobStatus tried(String... failures) {
        return Serialization.unmarshal("---\nattempts: [" + String.join(", ", failures) + "]", JobStatus.class);
    }

    private static WorkerDefinition ready(String name, int fallback) {
        return Serialization.unmarshal("""
                ---
                metadata: {name: %s, generation: 1}
                spec: {runtime: python, command: [run], taskTypes: [t], fallback: %d}
                status: {observedGeneration: 1, revision: 0123456789, conditions: [{type: Ready, status: "True"}]}
                """.formatted(name, fallback), WorkerDefinition.class);
    }

    private static JobSpec worker(String name) {
        return JobSpecBuilder.builder().worker(name).build();
    }

    private static JobSpec type(String type) {
        return JobSpecBuilder.builder().type(type).build();
    }

    private static WorkerDefinition definition(String name, @Nullable String created, String... taskTypes) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.getMetadata().setName(name);
        definition.getMetadata().setCreationTimestamp(created);
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.PYTHON)
                .command(List.of("run"))
                .taskTypes(List.of(taskTypes))
                .build());
        return definition;
    }
}
