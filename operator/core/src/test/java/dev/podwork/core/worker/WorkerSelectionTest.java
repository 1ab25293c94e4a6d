package dev.podwork.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.JobSpec;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import dev.podwork.api.worker.WorkerRuntime;
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
    void nobodyServesWhatNobodyNames() {
        assertThat(select(type("t"))).isNull();
        assertThat(select(type("T"), definition("t", JANUARY, "tt"))).isNull();
        assertThat(select(new JobSpec(null, null, null, null), definition("t", JANUARY)))
                .isNull();
    }

    @Test
    void aDefinitionServesItsNameAndItsTaskTypes() {
        assertThat(WorkerSelection.taskTypes(definition("a", JANUARY, "x", "a")))
                .containsExactly("a", "x");
    }

    private static @Nullable String select(JobSpec job, WorkerDefinition... definitions) {
        return WorkerSelection.select(job, List.of(definitions))
                .map(definition -> definition.getMetadata().getName())
                .orElse(null);
    }

    private static JobSpec worker(String name) {
        return new JobSpec(name, null, null, null);
    }

    private static JobSpec type(String type) {
        return new JobSpec(null, type, null, null);
    }

    private static WorkerDefinition definition(String name, @Nullable String created, String... taskTypes) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.getMetadata().setName(name);
        definition.getMetadata().setCreationTimestamp(created);
        definition.setSpec(new WorkerDefinitionSpec(
                WorkerRuntime.PYTHON, null, List.of("run"), List.of(), null, null, List.of(taskTypes), null));
        return definition;
    }
}
