package dev.podwork.local.kubelet;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What to start for a container.
 *
 * @param environment all of it: nothing is inherited
 * @param sandbox the container's own folder on this machine
 */
record ContainerCommand(
        String container, List<String> command, Map<String, String> environment, Path directory, Path sandbox) {

    /** Tells the container's processes, and those that they start, from all others of the machine. */
    static final String MARK = "LAPTOP_SANDBOX";

    private static final String TERMINATION_LOG = "termination-log";

    ContainerCommand {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    Path terminationLog() {
        return sandbox.resolve(TERMINATION_LOG);
    }

    static Path terminationLog(Path sandbox) {
        return sandbox.resolve(TERMINATION_LOG);
    }

    /**
     * Says what a container runtime says of a program that is not there.
     *
     * @throws PodStartException when there is no such program
     */
    void check() {
        String program = command.get(0);
        if (program.contains("/")) {
            if (!Files.isExecutable(directory.resolve(program))) {
                throw new PodStartException("StartError", "exec: \"" + program + "\": no such executable file");
            }
        } else if (find(program, environment.getOrDefault("PATH", "")) == null) {
            throw new PodStartException("StartError", "exec: \"" + program + "\": executable file not found in $PATH");
        }
        if (!Files.isDirectory(directory)) {
            throw new PodStartException("StartError", "the working directory " + directory + " is not there");
        }
    }

    @org.jspecify.annotations.Nullable
    static Path find(String program, String path) {
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .orElse(null);
    }
}
