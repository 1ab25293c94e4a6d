package dev.podwork.api.apiserver;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A manifest and what is said of it, from a file of {@code src/test/resources/manifests}. */
record ManifestCase(String title, String says, GenericKubernetesResource manifest) {

    static List<ManifestCase> read(String file, String kind) throws IOException {
        try (InputStream yaml = Files.newInputStream(Path.of("src/test/resources/manifests", file))) {
            List<Map<String, Object>> entries = new KubernetesSerialization().unmarshal(yaml, new TypeReference<>() {});
            return entries.stream().map(entry -> of(entry, kind)).toList();
        }
    }

    private static ManifestCase of(Map<String, Object> entry, String kind) {
        GenericKubernetesResource manifest = new GenericKubernetesResourceBuilder()
                .withApiVersion("podwork.dev/v1alpha1")
                .withKind(kind)
                .withNewMetadata()
                .withName((String) entry.getOrDefault("name", "a"))
                .withNamespace("default")
                .endMetadata()
                .build();
        if (entry.containsKey("spec")) {
            manifest.setAdditionalProperty("spec", entry.get("spec"));
        }
        return new ManifestCase(
                requireNonNull(entry.get("case")).toString(), (String) entry.getOrDefault("says", ""), manifest);
    }

    @Override
    public String toString() {
        return title;
    }
}
