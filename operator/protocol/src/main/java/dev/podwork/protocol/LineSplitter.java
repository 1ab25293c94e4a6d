package dev.podwork.protocol;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** Cuts a stream of bytes into lines at each {@code \n}, wherever the reads fall. Keeps at most one line. */
public final class LineSplitter {
    private static final int SHRINK_ABOVE = 64 * 1024;

    private final Consumer<byte[]> lines;
    private ByteArrayOutputStream rest = new ByteArrayOutputStream(0);
    private int limit;

    /**
     * @param limit longest line, its {@code \n} not counted
     * @param lines gets each line without its {@code \n}
     */
    public LineSplitter(int limit, Consumer<byte[]> lines) {
        this.limit = limit;
        this.lines = lines;
    }

    /** Sets the longest line from the next one on. */
    public void limit(int value) {
        limit = value;
    }

    /** Length of what stands after the last {@code \n}. */
    public int size() {
        return rest.size();
    }

    /** What stands after the last {@code \n}. */
    public byte[] rest() {
        return rest.toByteArray();
    }

    /**
     * Takes the next bytes.
     *
     * @throws LineTooLongException when a line exceeds the limit; nothing more can be read then
     */
    public void feed(byte[] chunk) {
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                append(chunk, start, i);
                byte[] line = rest.toByteArray();
                if (rest.size() > SHRINK_ABOVE) {
                    rest = new ByteArrayOutputStream(0);
                } else {
                    rest.reset();
                }
                start = i + 1;
                lines.accept(line);
            }
        }
        append(chunk, start, chunk.length);
    }

    private void append(byte[] chunk, int from, int to) {
        if (rest.size() + (to - from) > limit) {
            throw new LineTooLongException(limit);
        }
        rest.write(chunk, from, to - from);
    }

    /** A line longer than its reader takes. */
    public static final class LineTooLongException extends RuntimeException {
        LineTooLongException(int limit) {
            super("line is longer than " + limit + " bytes");
        }
    }
}
