package dev.podwork.local;

import dev.podwork.local.kubelet.Images;
import dev.podwork.local.run.RunCommand;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code podwork run}. */
public final class Main {
    /** Where the repository is, in which the relay and the SDKs are; the launcher sets it. */
    private static final String HOME = "podwork.home";

    private Main() {}

    public static void main(String[] arguments) {
        // Vert.x would make a folder for files of jars, and leave it there when this process is killed.
        System.setProperty("vertx.disableFileCPResolving", "true");
        Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath();
        Path workers = home.resolve("worker-images");
        Images images = new Images(
                workers.resolve("relay/bin/podwork-relay"), workers.resolve("python/src"), workers.resolve("node"));
        CommandLine commandLine = new CommandLine(new RunCommand(images, home.resolve(".podwork/identity.json")));
        commandLine
                .getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Shows this.")
                        .build());
        System.exit(commandLine.execute(arguments));
    }
}
