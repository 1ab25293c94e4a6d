package dev.podwork.local.manifest;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import dev.podwork.api.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Checks manifests as an API server would, and says all that is wrong at once. */
public final class ManifestValidator {
    private static final String API_VERSION = Labels.GROUP + "/" + Labels.VERSION;
    private static final Map<String, String> API_VERSIONS =
            Map.of("WorkerDefinition", API_VERSION, "Job", API_VERSION, "ConfigMap", "v1", "Secret", "v1");
    /** Where the CRDs' rules say so. */
    private static final Map<String, Integer> NAME_LENGTHS = Map.of("Job", 57, "WorkerDefinition", 63);

    private final Schemas schemas = new Schemas();

    /**
     * Checks them, each by itself and all together.
     *
     * @throws ManifestException when anything is wrong with any of them
     */
    public void validate(List<Manifest> manifests) {
        List<String> problems = new ArrayList<>();
        Map<String, Manifest> seen = new HashMap<>();
        for (Manifest manifest : manifests) {
            List<String> own = problems(manifest);
            problems.addAll(own);
            if (own.isEmpty() && !manifest.name().isEmpty()) {
                String identity = manifest.title() + " in "
                        + manifest.content().path("metadata").path("namespace").asText("default");
                Manifest other = seen.putIfAbsent(identity, manifest);
                if (other != null) {
                    problems.add(say(
                            manifest,
                            "/metadata/name",
                            "is there already, in " + other.location().of("/metadata/name")
                                    + "; give one of them another name"));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new ManifestException(problems);
        }
    }

    private List<String> problems(Manifest manifest) {
        String expected = API_VERSIONS.get(manifest.kind());
        if (expected == null) {
            String kinds = String.join(", ", new TreeSet<>(API_VERSIONS.keySet()));
            return List.of(
                    manifest.kind().isEmpty()
                            ? say(manifest, "", "has no kind; it must be one of " + kinds)
                            : say(manifest, "/kind", "must be one of " + kinds + ", not " + manifest.kind()));
        }
        String apiVersion = manifest.content().path("apiVersion").asText();
        if (!apiVersion.equals(expected)) {
            return List.of(say(manifest, "/apiVersion", "must be " + expected + ", not '" + apiVersion + "'"));
        }
        // A set, because alternatives of one schema may have the same to say.
        Set<String> problems = new LinkedHashSet<>();
        Schema schema = schemas.of(manifest.kind());
        for (Error error : schema.validate(manifest.content())) {
            problems.add(say(manifest, SchemaError.pointer(error), SchemaError.message(error, schema.getSchemaNode())));
        }
        if (problems.isEmpty()) {
            problems.addAll(nameProblems(manifest));
            ValueRules.problems(manifest.content())
                    .forEach((pointer, problem) -> problems.add(say(manifest, pointer, problem)));
        }
        return List.copyOf(problems);
    }

    private static List<String> nameProblems(Manifest manifest) {
        boolean generated = manifest.content().path("metadata").has("generateName");
        if (manifest.name().isEmpty() && !generated) {
            return List.of(say(manifest, "/metadata", "needs a name"));
        }
        int longest = NAME_LENGTHS.getOrDefault(manifest.kind(), Integer.MAX_VALUE);
        if (manifest.name().length() > longest) {
            return List.of(say(manifest, "/metadata/name", "must be at most " + longest + " characters; shorten it"));
        }
        return List.of();
    }

    private static String say(Manifest manifest, String pointer, String message) {
        String field = pointer.isEmpty()
                ? ""
                : pointer.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.') + " ";
        String title = manifest.kind().isEmpty() ? "" : manifest.title() + ": ";
        return manifest.location().of(pointer) + ": " + title + field + message;
    }
}
