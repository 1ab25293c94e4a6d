package dev.podwork.core.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.api.worker.WorkerDefinitionStatusBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each definition in {@code src/test/resources/pods/} beside the pod that is made of it. After a wanted change,
 * {@code -Dgolden.update=true} writes the pods anew; read the difference.
 */
class PodTemplateTest {

    private static final Path PODS = Path.of("src/test/resources/pods");
    private static final PodSettings SETTINGS = new PodSettings(
            "example.org/relay:1",
            "example.org/python:1",
            "example.org/node:1",
            "IfNotPresent",
            "10.0.0.1:7443",
            "-----BEGIN CERTIFICATE-----\n");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python-inline",
                "node-config-map",
                "python-file-in-own-image",
                "python-command",
                "image",
                "template"
            })
    void aDefinitionsPod(String name) throws IOException {
        Path golden = PODS.resolve(name + ".pod.yaml");
        String pod = Serialization.asYaml(podOf(name));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, pod);
        }

        assertThat(pod).isEqualTo(Files.readString(golden));
    }

    @Test
    void theSettingsAreThoseOfTheMoment() throws IOException {
        Pod pod = new PodTemplate(() -> new PodSettings("r", "p", "n", null, "later:1", "ca"))
                .podFor(job(), definition("image"), 1);

        assertThat(pod.getSpec().getInitContainers().get(0).getEnv())
                .anySatisfy(variable -> assertThat(variable.getValue()).isEqualTo("later:1"));
    }

    @Test
    void theDefinitionItselfStaysAsItIs() throws IOException {
        WorkerDefinition definition = definition("template");
        new PodTemplate(() -> SETTINGS).podFor(job(), definition, 1);

        assertThat(definition).isEqualTo(definition("template"));
    }

    private static Pod podOf(String name) throws IOException {
        return new PodTemplate(() -> SETTINGS).podFor(job(), definition(name), 1);
    }

    private static WorkerDefinition definition(String name) throws IOException {
        WorkerDefinition definition =
                Serialization.unmarshal(Files.readString(PODS.resolve(name + ".yaml")), WorkerDefinition.class);
        definition.getMetadata().setUid("definition-uid");
        definition.setStatus(WorkerDefinitionStatusBuilder.builder()
                .observedGeneration(1L)
                .sourceConfigMap("greet-source-0123456789")
                .build());
        return definition;
    }

    private static Job job() {
        Job job = new Job();
        job.setMetadata(new ObjectMetaBuilder()
                .withName("greet-1")
                .withNamespace("team-a")
                .withUid("job-uid")
                .build());
        job.setSpec(JobSpecBuilder.builder().worker("greet").build());
        return job;
    }
}
