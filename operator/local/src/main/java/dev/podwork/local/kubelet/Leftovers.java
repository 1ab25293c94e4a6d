package dev.podwork.local.kubelet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Ends what a container's first process left behind: on a cluster the kernel does that, because the container has a process
 * namespace of its own. Here the processes are told by a variable in their environment, which children inherit.
 */
final class Leftovers {
    private static final Path PROC = Path.of("/proc");

    private Leftovers() {}

    static void kill(Path sandbox) {
        if (!Files.isDirectory(PROC)) {
            return;
        }
        String mark = "\0" + ContainerCommand.MARK + "=" + sandbox + "\0";
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains(mark)) {
                    Optional<ProcessHandle> handle = ProcessHandle.of(
                            Long.parseLong(process.getFileName().toString()));
                    handle.ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        } catch (IOException e) {
            // A system that doesn't show its processes: nothing to be told apart.
        }
    }

    private static String environment(Path process) {
        try {
            return "\0" + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Another user's, or gone since.
            return "";
        }
    }
}
