package dev.podwork.local.run;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Lines for a person, each with the time that it came and the job that it is of. Any thread may say something. */
final class Console {
    private static final double NANOS = 1e9;

    enum Style {
        PLAIN(""),
        FAINT("\u001b[2m"),
        GOOD("\u001b[32m"),
        BAD("\u001b[31m"),
        NAME("\u001b[36m");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private static final String RESET = "\u001b[0m";

    private final PrintStream out;
    private final boolean colour;
    private final LongSupplier nanos;
    private final long start;
    private int nameWidth;

    Console(PrintStream out, boolean colour, LongSupplier nanos) {
        this.out = out;
        this.colour = colour;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    /** Aligns what is said of jobs with names of up to so many letters. */
    synchronized void makeRoom(int letters) {
        nameWidth = Math.max(nameWidth, letters);
    }

    synchronized void say(String name, Style style, String text) {
        String time = String.format(Locale.ROOT, "%6.2fs", (nanos.getAsLong() - start) / NANOS);
        makeRoom(name.length());
        String padded = name + " ".repeat(nameWidth - name.length());
        for (String line : text.split("\n", -1)) {
            out.println(
                    paint(Style.FAINT, time) + " " + paint(Style.NAME, padded) + " " + paint(style, printable(line)));
        }
    }

    /** As it is, in one piece. */
    synchronized void print(String text) {
        out.println(text);
        out.flush();
    }

    private String paint(Style style, String text) {
        return colour && style != Style.PLAIN ? style.code + text + RESET : text;
    }

    /** A worker must not move the cursor, nor change the colours for good. */
    private static String printable(String line) {
        StringBuilder clean = new StringBuilder(line.length());
        line.codePoints()
                .map(c -> c == '\t' || !Character.isISOControl(c) ? c : '\uFFFD')
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
