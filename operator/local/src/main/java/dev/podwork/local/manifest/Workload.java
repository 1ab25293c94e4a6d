package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.Job;
import dev.podwork.api.job.JobSpecBuilder;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be run.
 *
 * @param surroundings what Jobs need to be there first
 * @param directories for each worker the folder of its manifest
 */
public record Workload(List<HasMetadata> surroundings, List<Job> jobs, Map<String, Path> directories) {
    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.of(
            "WorkerDefinition",
            WorkerDefinition.class,
            "Job",
            Job.class,
            "ConfigMap",
            ConfigMap.class,
            "Secret",
            Secret.class);

    /**
     * Reads the objects out of checked manifests.
     *
     * @param namespace where objects go that don't say
     */
    public static Workload of(List<Manifest> manifests, String namespace) {
        List<HasMetadata> surroundings = new ArrayList<>();
        List<Job> jobs = new ArrayList<>();
        Map<String, Path> directories = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (Manifest manifest : manifests) {
            try {
                HasMetadata object = object(manifest, namespace);
                if (object instanceof Job job) {
                    jobs.add(job);
                } else {
                    surroundings.add(object);
                }
                if (object instanceof WorkerDefinition) {
                    directories.put(manifest.name(), manifest.directory());
                }
            } catch (IllegalArgumentException e) {
                problems.add(manifest.location().of("") + ": " + manifest.title() + ": " + reason(e));
            }
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(problems);
        }
        return new Workload(surroundings, jobs, directories);
    }

    /** Without Jobs of its own: one for the named worker, or for the only one. */
    public Workload withJob(@Nullable String worker, JsonNode data, String namespace) {
        List<String> workers = directories.keySet().stream().sorted().toList();
        if (worker == null && workers.size() != 1) {
            throw new ManifestException(
                    List.of("--data is for one worker, and there are " + workers.size() + " here: name it with --worker"
                            + (workers.isEmpty() ? "" : " (" + String.join(", ", workers) + ")")));
        }
        Job job = new Job();
        String name = worker == null ? workers.get(0) : worker;
        job.setMetadata(new ObjectMetaBuilder()
                .withGenerateName(name + "-")
                .withNamespace(namespace)
                .build());
        job.setSpec(JobSpecBuilder.builder().worker(name).data(data).build());
        return new Workload(surroundings, List.of(job), directories);
    }

    private static HasMetadata object(Manifest manifest, String namespace) {
        ObjectNode content = manifest.content().deepCopy();
        ObjectNode metadata = content.withObjectProperty("metadata");
        if (!metadata.has("namespace")) {
            metadata.put("namespace", namespace);
        }
        if (content.path("stringData") instanceof ObjectNode texts) {
            ObjectNode data = content.withObjectProperty("data");
            texts.properties()
                    .forEach(text -> data.put(
                            text.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(text.getValue().asText().getBytes(StandardCharsets.UTF_8))));
            content.remove("stringData");
        }
        return Serialization.unmarshal(content.toString(), TYPES.get(manifest.kind()));
    }

    private static String reason(IllegalArgumentException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
