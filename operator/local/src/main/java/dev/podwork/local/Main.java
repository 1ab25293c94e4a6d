package dev.podwork.local;

import dev.podwork.local.kubelet.Images;
import dev.podwork.local.run.RunCommand;
import java.nio.file.Path;
import picocli.CommandLine;

/** {@code podwork run}. */
public final class Main {
    /** Where the repository is, in which the relay and the SDKs are; the launcher sets it. */
    private static final String HOME = "podwork.home";

    private Main() {}

    public static void main(String[] arguments) {
        Path workers = Path.of(System.getProperty(HOME, "")).toAbsolutePath().resolve("worker-images");
        Images images = new Images(
                workers.resolve("relay/bin/podwork-relay"), workers.resolve("python/src"), workers.resolve("node"));
        System.exit(new CommandLine(new RunCommand(images)).execute(arguments));
    }
}
