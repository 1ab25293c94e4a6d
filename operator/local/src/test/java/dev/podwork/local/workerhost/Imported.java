package dev.podwork.local.workerhost;

import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine;

/** What {@code podwork import} made of something. */
record Imported(int exit, String out, String err) {

    /** Imports a file of the folder with this text; in what is said it is {@code host.yaml}. */
    static Imported text(Path folder, String text, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("host.yaml"), text);
        return files(Map.of(), List.of(file), options).without(folder + "/");
    }

    static Imported files(Map<String, String> environment, List<Path> files, String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(List.of(options));
        files.forEach(file -> arguments.add(file.toString()));
        int exit = new CommandLine(new ImportCommand(
                        environment,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8)))
                .execute(arguments.toArray(String[]::new));
        return new Imported(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Imported without(String prefix) {
        return new Imported(exit, out.replace(prefix, ""), err.replace(prefix, ""));
    }

    List<WorkerDefinition> definitions() {
        return Stream.of(out.split("(?m)^---\n"))
                .map(document -> Serialization.unmarshal(document, WorkerDefinition.class))
                .toList();
    }

    /** The only one. */
    WorkerDefinition definition() {
        List<WorkerDefinition> all = definitions();
        if (all.size() != 1) {
            throw new AssertionError(all.size() + " definitions: " + out + err);
        }
        return all.get(0);
    }

    /** The worker's container in the template of the only definition. */
    Container container() {
        return Objects.requireNonNull(definition().getSpec().template())
                .getSpec()
                .getContainers()
                .get(0);
    }
}
