package dev.podwork.local.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads files, folders of files and standard input; YAML of any number of documents, and so JSON too. */
public final class ManifestReader {
    public static final String STDIN = "-";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LoadSettings SETTINGS =
            LoadSettings.builder().setAllowDuplicateKeys(false).build();

    private final InputStream stdin;
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ManifestReader(InputStream stdin) {
        this.stdin = stdin;
    }

    /**
     * Reads all that the arguments name.
     *
     * @throws ManifestException naming every file that can't be read
     */
    public static List<Manifest> read(List<String> arguments, InputStream stdin) {
        ManifestReader reader = new ManifestReader(stdin);
        arguments.forEach(reader::take);
        if (!reader.problems.isEmpty()) {
            throw new ManifestException(reader.problems);
        }
        return List.copyOf(reader.manifests);
    }

    private void take(String argument) {
        try {
            if (argument.equals(STDIN)) {
                take("stdin", Path.of("").toAbsolutePath(), new String(stdin.readAllBytes(), StandardCharsets.UTF_8));
            } else if (Files.isDirectory(Path.of(argument))) {
                takeFolder(Path.of(argument));
            } else if (Files.isRegularFile(Path.of(argument))) {
                takeFile(Path.of(argument));
            } else {
                problems.add(argument + ": there is no such file or folder");
            }
        } catch (IOException e) {
            problems.add(argument + ": can't be read: " + e.getMessage());
        }
    }

    private void takeFolder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> entries = Files.list(folder)) {
            files = entries.filter(ManifestReader::isManifest).sorted().toList();
        }
        if (files.isEmpty()) {
            problems.add(folder + ": there is no .yaml, .yml or .json file in this folder");
        }
        for (Path file : files) {
            takeFile(file);
        }
    }

    private static boolean isManifest(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file) && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    private void takeFile(Path file) throws IOException {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
        take(file.toString(), directory, Files.readString(file));
    }

    private void take(String file, Path directory, String text) {
        try {
            for (Node root : new Compose(SETTINGS).composeAllFromString(text)) {
                Object value = new StandardConstructor(SETTINGS).constructSingleDocument(Optional.of(root));
                JsonNode content = JSON.valueToTree(value);
                Location location = new Location(file, root);
                if (content instanceof ObjectNode object) {
                    manifests.add(new Manifest(location, directory, object));
                } else if (!content.isNull()) {
                    problems.add(location.of("") + ": a document must be an object with apiVersion, kind and metadata");
                }
            }
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(file + ":" + line + ": is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(file + ": is not YAML: " + e.getMessage());
        }
    }
}
