package dev.podwork.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevisionHistoryTest {

    private static final String FULL = """
            runtime: python
            image: mine
            args: [a]
            source: {inline: 'print(1)', file: w.py}
            protocol: http
            http: {healthPath: /h}
            config: {deep: {list: [1, 2.5, null]}}
            template:
              metadata: {labels: {a: b}}
              spec: {containers: [{name: worker, resources: {limits: {memory: 256Mi}}}]}
            """;

    @Test
    void whatPodsAreMadeFromIsOfThenAndAllElseOfNow() {
        WorkerDefinition then = definition("uid", 1, FULL + "timeouts: {attempt: 1m}\nconcurrency: 1\n");
        WorkerDefinition now = definition(
                "uid",
                7,
                "{runtime: node, source: {inline: new}, timeouts: {attempt: 2m}, retry: {attempts: 3}, concurrency: 2,"
                        + " taskTypes: [t], fallback: 4, configSchema: {type: object}}");

        WorkerDefinition restored = RevisionHistory.restored(now, stored(then)).orElseThrow();

        assertThat(restored.getStatus().revision()).isEqualTo(WorkerRevision.of(then.getSpec()));
        assertThat(restored.getStatus().sourceConfigMap()).matches("w-source-[0-9a-f]{10}");
        assertThat(WorkerReadiness.problem(restored)).contains("WorkerDefinition w has not been checked yet");
        assertThat(WorkerRevision.content(restored.getSpec())).isEqualTo(WorkerRevision.content(then.getSpec()));
        assertThat(WorkerRevision.with(then.getSpec(), WorkerRevision.content(now.getSpec())))
                .isEqualTo(WorkerRevision.with(then.getSpec(), now.getSpec()));
        assertThat(WorkerRevision.with(restored.getSpec(), now.getSpec())).isEqualTo(now.getSpec());
    }

    @Test
    void itIsKeptUnderItsRevisionWithItsGeneration() {
        WorkerDefinition definition = definition("uid", 7, FULL);

        ControllerRevision kept = RevisionHistory.current(definition);

        assertThat(kept.getMetadata().getName()).isEqualTo("w-" + WorkerRevision.of(definition.getSpec()));
        assertThat(kept.getRevision()).isEqualTo(7);
        assertThat(kept.getMetadata().getOwnerReferences())
                .singleElement()
                .satisfies(owner -> assertThat(owner.getUid()).isEqualTo("uid"));
    }

    @Test
    void anotherDefinitionsIsNone() {
        assertThat(RevisionHistory.restored(definition("uid", 1, FULL), stored(definition("earlier", 1, FULL))))
                .isEmpty();
    }

    @Test
    void whatSomebodyChangedIsNotTakenForWhatItsNameSays() {
        ControllerRevision changed = stored(definition("uid", 1, FULL.replace("print(1)", "print(2)")));
        changed.getMetadata()
                .setName(RevisionHistory.current(definition("uid", 1, FULL))
                        .getMetadata()
                        .getName());

        assertThat(RevisionHistory.restored(definition("uid", 1, FULL), changed))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"null", "{}", "[]", "{spec: null}", "{spec: {}}", "{spec: [1]}", "{spec: {runtime: cobol}}"})
    void whatIsNoDefinitionIsNotTakenForOne(String data) {
        WorkerDefinition definition = definition("uid", 1, FULL);
        ControllerRevision changed = stored(definition);
        changed.setData(Serialization.unmarshal("---\n" + data, JsonNode.class));

        assertThat(RevisionHistory.restored(definition, changed)).isEmpty();
    }

    @Test
    void theLastTenAreKeptAndWhatJobsAskFor() {
        WorkerDefinition now = inline(30);
        List<ControllerRevision> all = IntStream.rangeClosed(1, 30)
                .mapToObj(generation -> stored(inline(generation)))
                .toList();
        String asked = WorkerRevision.of(inline(3).getSpec());

        assertThat(RevisionHistory.superfluous(now, all, asked::equals))
                .extracting(ControllerRevision::getRevision)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 19)
                        .filter(generation -> generation != 3)
                        .mapToObj(Long::valueOf)
                        .toList());
        assertThat(RevisionHistory.superfluous(definition("another", 1, FULL), all, revision -> false))
                .isEmpty();
    }

    private static WorkerDefinition inline(int generation) {
        return definition("uid", generation, "{runtime: python, source: {inline: 'print(" + generation + ")'}}");
    }

    /** As it comes back from an API server. */
    private static ControllerRevision stored(WorkerDefinition definition) {
        return Serialization.clone(RevisionHistory.current(definition));
    }

    private static WorkerDefinition definition(String uid, long generation, String spec) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.setMetadata(new ObjectMetaBuilder()
                .withName("w")
                .withNamespace("ns")
                .withUid(uid)
                .withGeneration(generation)
                .withCreationTimestamp("2026-05-01T10:00:00Z")
                .build());
        definition.setSpec(Serialization.unmarshal("---\n" + spec, WorkerDefinitionSpec.class));
        return definition;
    }
}
