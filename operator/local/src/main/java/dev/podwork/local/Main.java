package dev.podwork.local;

import dev.podwork.local.kubelet.Images;
import dev.podwork.local.run.RunCommand;
import dev.podwork.local.workerhost.ImportCommand;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code podwork run} and {@code podwork import}. */
public final class Main {
    /** Where the repository is, in which the relay and the SDKs are; the launcher sets it. */
    private static final String HOME = "podwork.home";

    private Main() {}

    public static void main(String[] arguments) {
        // Vert.x would make a folder for files of jars, and leave it there when this process is killed.
        System.setProperty("vertx.disableFileCPResolving", "true");
        CommandLine commandLine = new CommandLine(command(arguments[0]));
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        System.exit(commandLine.execute(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }

    private static Object command(String name) {
        return switch (name) {
            case "run" -> run();
            case "import" -> new ImportCommand(System.getenv(), System.out, System.err);
            default -> throw new IllegalArgumentException("there is no command " + name);
        };
    }

    private static RunCommand run() {
        Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath();
        Path workers = home.resolve("worker-images");
        Images images = new Images(
                workers.resolve("relay/bin/podwork-relay"), workers.resolve("python/src"), workers.resolve("node"));
        return new RunCommand(images, home.resolve(".podwork/identity.json"));
    }
}
