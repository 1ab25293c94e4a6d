package dev.podwork.core.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.podwork.api.worker.ConfigMapSource;
import dev.podwork.api.worker.Refusals;
import dev.podwork.api.worker.Source;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionSpecBuilder;
import dev.podwork.api.worker.WorkerDefinitionStatusBuilder;
import dev.podwork.api.worker.WorkerRuntime;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WorkerDefinitionValidationTest {
    /** What the API server is tested with, so that both say the same. */
    private static final Path MANIFESTS = Path.of("../api/src/test/resources/manifests");

    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Instant EARLIER = Instant.parse("2026-04-01T10:00:00Z");

    record Case(String title, String says, boolean schema, Map<String, Object> manifest) {
        WorkerDefinition definition() {
            return SERIALIZATION.convertValue(manifest, WorkerDefinition.class);
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static Stream<Case> read(String file) throws IOException {
        try (InputStream yaml = Files.newInputStream(MANIFESTS.resolve(file))) {
            List<Map<String, Object>> entries = SERIALIZATION.unmarshal(yaml, new TypeReference<>() {});
            return entries.stream()
                    .map(entry -> new Case(
                            requireNonNull(entry.get("case")).toString(),
                            entry.getOrDefault("says", "").toString(),
                            entry.containsKey("schema"),
                            Map.of(
                                    "metadata",
                                    Map.of("name", entry.getOrDefault("name", "a"), "generation", 3),
                                    "spec",
                                    requireNonNull(entry.get("spec")))));
        }
    }

    static Stream<Case> refused() throws IOException {
        return read("refused-workerdefinitions.yaml").filter(entry -> !entry.schema());
    }

    static Stream<Case> accepted() throws IOException {
        return read("accepted-workerdefinitions.yaml");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void saysWhatTheApiServerSays(Case wrong) {
        assertThat(WorkerDefinitionValidation.mistakes(wrong.definition()))
                .anyMatch(mistake -> mistake.contains(wrong.says()));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void findsNothingWrongWithWhatTheApiServerAccepts(Case right) {
        assertThat(WorkerDefinitionValidation.mistakes(right.definition())).isEmpty();
    }

    @Test
    void everyRefusalIsSaidOfSomething() throws Exception {
        List<String> said =
                new ArrayList<>(WorkerDefinitionValidation.mistakes(definition(inline("é".repeat(500_001)))));
        refused().forEach(wrong -> said.addAll(WorkerDefinitionValidation.mistakes(wrong.definition())));
        assertThat(said).containsAll(refusals());
    }

    private static List<String> refusals() throws IllegalAccessException {
        List<String> messages = new ArrayList<>();
        for (Field field : Refusals.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                messages.add((String) requireNonNull(field.get(null)));
            }
        }
        assertThat(messages).hasSizeGreaterThan(20);
        return messages;
    }

    @Test
    void whatNoProgramCouldReadOnIsNotRead() {
        Map<String, Object> manifest = Map.of("spec", Map.of("runtime", "ruby", "source", Map.of("inline", "x")));
        assertThatThrownBy(() -> SERIALIZATION.convertValue(manifest, WorkerDefinition.class))
                .hasMessageContaining("ruby");
    }

    @Test
    void aDefinitionWithoutSpecOrRuntimeIsAMistakeNotACrash() {
        WorkerDefinition empty = new WorkerDefinition();
        empty.getMetadata().setName("a");
        assertThat(WorkerDefinitionValidation.mistakes(empty))
                .containsExactly("spec is required; say at least spec.runtime and where the worker's code is");

        WorkerDefinition noRuntime = SERIALIZATION.convertValue(
                Map.of("metadata", Map.of("name", "a"), "spec", Map.of("source", Map.of("inline", "x"))),
                WorkerDefinition.class);
        assertThat(WorkerDefinitionValidation.mistakes(noRuntime))
                .containsExactly("spec.runtime is required; set it to python, node or image");
    }

    @ParameterizedTest
    @CsvSource({"jsonrpc,true", "task,true", "http,false", "messages,false"})
    void configurationIsForTheProtocolsThatHandItOver(String protocol, boolean mistaken) {
        WorkerDefinition definition = SERIALIZATION.convertValue(
                Map.of(
                        "metadata",
                        Map.of("name", "a"),
                        "spec",
                        Map.of(
                                "runtime",
                                "python",
                                "source",
                                Map.of("inline", "x"),
                                "protocol",
                                protocol,
                                "config",
                                Map.of("model", Map.of("size", 1)))),
                WorkerDefinition.class);

        assertThat(WorkerDefinitionValidation.mistakes(definition)).hasSize(mistaken ? 1 : 0);
    }

    @Test
    void aConfigurationThatDoesNotFitItsSchemaIsAMistake() {
        Map<String, Object> spec = new HashMap<>(Map.of(
                "runtime",
                "python",
                "source",
                Map.of("inline", "x"),
                "protocol",
                "http",
                "configSchema",
                Map.of("required", List.of("model"))));
        assertThat(WorkerDefinitionValidation.mistakes(definition(spec)))
                .containsExactly("spec.config: required property 'model' not found; correct it, or spec.configSchema");
        spec.put("config", Map.of("model", "tiny"));
        assertThat(WorkerDefinitionValidation.mistakes(definition(spec))).isEmpty();
        spec.put("protocol", "task");
        assertThat(WorkerDefinitionValidation.mistakes(definition(spec)))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("spec.configSchema is for the protocols http and messages");
    }

    private static WorkerDefinition definition(Map<String, Object> spec) {
        return SERIALIZATION.convertValue(
                Map.of("metadata", Map.of("name", "a"), "spec", spec), WorkerDefinition.class);
    }

    @Test
    void codeThatAConfigMapCannotHoldIsAMistake() {
        assertThat(WorkerDefinitionValidation.mistakes(definition(inline("é".repeat(500_000)))))
                .isEmpty();
        assertThat(WorkerDefinitionValidation.mistakes(definition(inline("é".repeat(500_001)))))
                .containsExactly(Refusals.INLINE_SIZE);
    }

    @Test
    void readyWhenNothingIsWrong() {
        Condition ready = ready(definition(inline("pass")), null);
        assertThat(ready.getType()).isEqualTo("Ready");
        assertThat(ready.getStatus()).isEqualTo("True");
        assertThat(ready.getReason()).isEqualTo("Valid");
        assertThat(ready.getObservedGeneration()).isEqualTo(3);
        assertThat(ready.getLastTransitionTime()).isEqualTo(NOW.toString());
    }

    @Test
    void mistakesComeBeforeAMissingConfigMapAndAreAllNamed() {
        Condition ready = ready(definition(new Source("pass", new ConfigMapSource("code"), "../a.js")), null);
        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("Invalid");
        assertThat(ready.getMessage())
                .isEqualTo(String.join(". ", Refusals.SOURCE_TWICE, Refusals.FILE_NOT_PLAIN, Refusals.FILE_NOT_PYTHON));
    }

    @Test
    void aMissingConfigMapIsNamed() {
        Condition ready = ready(definition(configMap("main.py")), null);
        assertThat(ready.getStatus()).isEqualTo("False");
        assertThat(ready.getReason()).isEqualTo("SourceNotFound");
        assertThat(ready.getMessage())
                .isEqualTo(
                        "spec.source.configMap.name: there is no ConfigMap code in this namespace; create it or change"
                                + " the name");
    }

    @Test
    void aMissingFileIsNamedAndWhatIsThere() {
        Condition ready = ready(definition(configMap("main.py")), Set.of("worker.py", "helpers.py"));
        assertThat(ready.getReason()).isEqualTo("SourceNotFound");
        assertThat(ready.getMessage())
                .isEqualTo("spec.source.file: the ConfigMap code has no key main.py; add it, or name one of its keys:"
                        + " helpers.py, worker.py");
        assertThat(ready(definition(configMap("main.py")), Set.of()).getMessage())
                .isEqualTo("spec.source.file: the ConfigMap code has no key main.py; add it");
    }

    @Test
    void aConfigMapWithTheFileIsReady() {
        assertThat(ready(definition(configMap("main.py")), Set.of("main.py")).getStatus())
                .isEqualTo("True");
    }

    @Test
    void theTimeOfTheLastChangeStays() {
        WorkerDefinition definition = definition(configMap("main.py"));
        Condition before = WorkerDefinitionValidation.ready(definition, null, EARLIER);
        definition.setStatus(WorkerDefinitionStatusBuilder.builder()
                .observedGeneration(3L)
                .conditions(List.of(before))
                .build());

        assertThat(ready(definition, Set.of("other.py")).getLastTransitionTime())
                .isEqualTo(EARLIER.toString());
        assertThat(ready(definition, Set.of("main.py")).getLastTransitionTime()).isEqualTo(NOW.toString());
    }

    private static Condition ready(WorkerDefinition definition, @Nullable Set<String> configMapKeys) {
        return WorkerDefinitionValidation.ready(definition, configMapKeys, NOW);
    }

    private static Source inline(String code) {
        return new Source(code, null, null);
    }

    private static Source configMap(String file) {
        return new Source(null, new ConfigMapSource("code"), file);
    }

    private static WorkerDefinition definition(Source source) {
        WorkerDefinition definition = new WorkerDefinition();
        definition.getMetadata().setName("a");
        definition.getMetadata().setGeneration(3L);
        definition.setSpec(WorkerDefinitionSpecBuilder.builder()
                .runtime(WorkerRuntime.PYTHON)
                .source(source)
                .build());
        return definition;
    }
}
