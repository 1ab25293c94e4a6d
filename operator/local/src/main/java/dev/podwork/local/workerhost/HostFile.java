package dev.podwork.local.workerhost;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A configuration file of a WorkerHost: YAML 1.1, as its own parser reads it, and so JSON too.
 *
 * @param workers those that can be imported, in the order of the file
 * @param leftOut how many can't
 */
record HostFile(HostSettings settings, List<HostWorker> workers, int leftOut) {

    /** Empty when it is no such file, which has been said then. */
    static Optional<HostFile> read(String file, String text, Findings findings) {
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            findings.mistake(file + ":" + line + ":", "is not YAML: " + e.getProblem() + "; correct it");
            return Optional.empty();
        } catch (YAMLException e) {
            findings.mistake(file + ":", "is not YAML: " + e.getMessage() + "; correct it");
            return Optional.empty();
        }
        if (root == null) {
            findings.mistake(file + ":", "is empty; it needs workers");
            return Optional.empty();
        }
        return Optional.of(read(Field.root(file, root, findings)));
    }

    private static HostFile read(Field root) {
        HostSettings settings = HostSettings.read(root);
        Field workers = root.members().get("workers");
        if (workers == null || workers.isNull()) {
            root.mistake("needs workers, a list of them; add it, or name another file");
            return new HostFile(settings, List.of(), 0);
        }
        List<Field> entries = workers.items();
        List<HostWorker> read = entries.stream()
                .flatMap(entry -> HostWorker.read(entry).stream())
                .toList();
        if (settings.concurrency() == 1) {
            workers.notice(
                    "get concurrency: 1 each, because WorkerHost ran one task at a time; raise it in those that may run more");
        }
        return new HostFile(settings, read, entries.size() - read.size());
    }
}
