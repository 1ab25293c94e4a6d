package dev.podwork.local.kubelet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts a container's output into lines. One that is too long is cut, as container runtimes do; so memory is bounded. */
final class OutputLines {
    static final int MAX_LINE = 16 * 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    OutputLines(Consumer<String> lines) {
        this.lines = lines;
    }

    void read(InputStream stream) {
        byte[] buffer = new byte[MAX_LINE];
        try {
            for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
                for (int i = 0; i < count; i++) {
                    take(buffer[i]);
                }
            }
        } catch (IOException e) {
            // The process was killed while it was read from: what came is all there is.
        }
        if (line.size() > 0) {
            end();
        }
    }

    private void take(byte next) {
        if (next == '\n') {
            end();
        } else {
            line.write(next);
            if (line.size() == MAX_LINE) {
                end();
            }
        }
    }

    private void end() {
        lines.accept(line.toString(StandardCharsets.UTF_8));
        line.reset();
    }
}
