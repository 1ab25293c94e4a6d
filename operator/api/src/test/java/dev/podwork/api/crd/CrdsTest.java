package dev.podwork.api.crd;

import static dev.podwork.api.crd.CrdRefinement.items;
import static dev.podwork.api.crd.CrdRefinement.property;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdsTest {
    private static final Path CHECKED_IN = Path.of("../../crds");
    private static final Path CHART = Path.of("../../charts/podwork/crds");
    private static final String CURE = "run: mvn -pl operator/api -Pcrds process-test-classes";
    private static final Map<String, String> GENERATED = Crds.generate();

    @Test
    void theCheckedInFilesAreWhatTheRecordsSay() throws IOException {
        assertThat(filesOf(CHECKED_IN)).as(CURE).isEqualTo(GENERATED);
    }

    @Test
    void theChartsFilesAreTheCheckedInOnes() throws IOException {
        Map<String, String> expected = Files.isDirectory(CHART) ? GENERATED : Map.of();
        assertThat(filesOf(CHART)).as(CURE).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs.podwork.dev.yaml", "workerdefinitions.podwork.dev.yaml"})
    void everyFieldOfOursIsExplained(String file) {
        JSONSchemaProps schema = version(file).getSchema().getOpenAPIV3Schema();
        assertThat(schema.getDescription()).isNotBlank();
        assertAllExplained("", schema);
    }

    /** Down to where Kubernetes' own types begin. */
    private static void assertAllExplained(String path, JSONSchemaProps schema) {
        schema.getProperties().forEach((name, property) -> {
            String here = path + "." + name;
            assertThat(property.getDescription()).as(here).isNotBlank();
            if (here.equals(".spec.template.spec")) {
                return;
            }
            JSONSchemaProps next =
                    property.getItems() == null ? property : property.getItems().getSchema();
            assertAllExplained(here, next);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"jobs.podwork.dev.yaml", "workerdefinitions.podwork.dev.yaml"})
    void noRuleIsThereTwice(String file) {
        assertNoRuleTwice(version(file).getSchema().getOpenAPIV3Schema());
    }

    private static void assertNoRuleTwice(JSONSchemaProps schema) {
        assertThat(schema.getXKubernetesValidations()).doesNotHaveDuplicates();
        schema.getProperties().values().forEach(CrdsTest::assertNoRuleTwice);
    }

    @Test
    void anyJsonIsAnyJson() {
        JSONSchemaProps job = version("jobs.podwork.dev.yaml").getSchema().getOpenAPIV3Schema();
        JSONSchemaProps attempt = items(property(job, "status", "attempts"));
        assertThat(List.of(
                        property(job, "spec", "data"),
                        property(job, "status", "result"),
                        property(job, "status", "error", "code"),
                        property(items(property(attempt, "emits")), "payload")))
                .allSatisfy(schema -> {
                    assertThat(schema.getType()).isNull();
                    assertThat(schema.getNullable()).isTrue();
                    assertThat(schema.getXKubernetesPreserveUnknownFields()).isTrue();
                });
    }

    @Test
    void timesAreTimes() {
        JSONSchemaProps status =
                property(version("jobs.podwork.dev.yaml").getSchema().getOpenAPIV3Schema(), "status");
        JSONSchemaProps attempt = items(property(status, "attempts"));
        assertThat(List.of(
                        property(status, "startedAt"),
                        property(status, "completedAt"),
                        property(attempt, "startedAt"),
                        property(attempt, "endedAt"),
                        property(items(property(status, "conditions")), "lastTransitionTime")))
                .allMatch(schema -> "date-time".equals(schema.getFormat()));
    }

    private static CustomResourceDefinitionVersion version(String file) {
        return Serialization.unmarshal(GENERATED.get(file), CustomResourceDefinition.class)
                .getSpec()
                .getVersions()
                .get(0);
    }

    private static Map<String, String> filesOf(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> paths = Files.list(directory)) {
                for (Path path : paths.toList()) {
                    files.put(path.getFileName().toString(), Files.readString(path));
                }
            }
        }
        return files;
    }
}
