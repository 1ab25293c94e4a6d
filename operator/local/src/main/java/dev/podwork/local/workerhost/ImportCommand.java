package dev.podwork.local.workerhost;

import dev.podwork.local.manifest.ManifestReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code podwork import}: the configuration of a WorkerHost in, WorkerDefinitions out. */
@Command(
        name = "podwork import",
        description = {
            "Turns configuration files of PrismQ's WorkerHost into WorkerDefinitions, and says on stderr what could not be"
                    + " carried over and what to do instead.",
            ""
        },
        footer = {
            "",
            "$${NAME} and $${NAME:default} become references to a Secret; the command that makes it is said.",
            "docs/import.md says what becomes of each key.",
            "",
            "Exit codes: 0 all workers were imported, 1 some were left out, 2 something is wrong with the files, and nothing was"
                    + " written."
        },
        sortOptions = false,
        usageHelpWidth = 110)
public final class ImportCommand implements Callable<Integer> {
    private static final int LEFT_OUT = 1;
    private static final int BAD_FILES = 2;
    private static final String OVERRIDE = "WORKERHOST_";

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "Configuration files (YAML or JSON), or - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Writes a file for each worker into this folder, instead of all to standard output.")
    private @Nullable Path output;

    @Option(
            names = "--image",
            paramLabel = "IMAGE",
            description = "Image of the workers; {name} in it is the definition's name (default: ${DEFAULT-VALUE}).")
    private String image = Target.NAME + ":latest";

    @Option(
            names = "--secret",
            paramLabel = "NAME",
            description = "Secret with the variables that the files refer to (default: ${DEFAULT-VALUE}).")
    private String secret = "workerhost";

    @Option(
            names = "--laptop",
            description =
                    "For ./podwork run on this machine: with the files' own project_path and venv_python, looked up"
                            + " against the folder of each file.")
    private boolean laptop;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /** @param environment in which overrides of WorkerHost's may be set */
    public ImportCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = Map.copyOf(environment);
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        Findings findings = new Findings();
        Importer importer = new Importer(findings);
        for (String file : files) {
            take(file, importer, findings);
        }
        environment.keySet().stream()
                .filter(name -> name.startsWith(OVERRIDE))
                .sorted()
                .forEach(name -> findings.notice(
                        name + ":",
                        "is set and was not looked at, so that the same file always makes the same definitions; write its value"
                                + " into the file"));
        findings.notices().forEach(err::println);
        if (!findings.mistakes().isEmpty()) {
            findings.mistakes().forEach(err::println);
            return BAD_FILES;
        }
        write(importer.manifests());
        if (!importer.variables().isEmpty()) {
            err.println(
                    "Create the Secret in the workers' namespace before they run, with the variables set as they were for"
                            + " WorkerHost:");
            err.println("  " + SecretCommand.of(secret, importer.variables()));
        }
        return importer.leftOut() == 0 ? 0 : LEFT_OUT;
    }

    private void take(String file, Importer importer, Findings findings) {
        try {
            boolean stdin = file.equals(ManifestReader.STDIN);
            Path path = Path.of(stdin ? "" : file).toAbsolutePath();
            String text = stdin ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8) : Files.readString(path);
            Path folder = stdin ? path : Optional.ofNullable(path.getParent()).orElse(path);
            importer.take(stdin ? "stdin" : file, text, new Target(image, secret, laptop ? folder : null));
        } catch (NoSuchFileException e) {
            findings.mistake(file + ":", "there is no such file; name one that there is");
        } catch (CharacterCodingException e) {
            findings.mistake(file + ":", "is not UTF-8; save it as UTF-8");
        } catch (IOException e) {
            findings.mistake(file + ":", "can't be read: " + e.getMessage());
        }
    }

    private void write(Map<String, String> manifests) throws IOException {
        if (output == null) {
            out.print(String.join("---\n", manifests.values()));
            out.flush();
            return;
        }
        Files.createDirectories(output);
        for (Map.Entry<String, String> manifest : manifests.entrySet()) {
            Path file = output.resolve(manifest.getKey() + ".yaml");
            Files.writeString(file, manifest.getValue());
            err.println("wrote " + file);
        }
    }
}
