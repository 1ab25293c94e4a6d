package dev.podwork.local.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that outlives this one and ends what it left behind when it was killed. It reads a pipe whose other end we hold. */
final class Guard implements AutoCloseable {
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            cat >/dev/null
            for found in $(grep -lsaF "%s=$1/" /proc/[0-9]*/environ); do
              pid=${found#/proc/}
              kill -9 "${pid%%/environ}" 2>/dev/null
            done
            rm -rf "$1"
            """.formatted(ContainerCommand.MARK);

    private final Process process;

    private Guard(Process process) {
        this.process = process;
    }

    static Guard over(Path root) {
        List<String> command = new ArrayList<>(Session.PREFIX);
        command.addAll(List.of("sh", "-c", SCRIPT, "podwork-guard", root.toString()));
        try {
            return new Guard(new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
