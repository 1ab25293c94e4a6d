package dev.podwork.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs that a user would run, against the same cluster as the tests. */
final class CommandLine {

    private CommandLine() {}

    static String kubectl(String... arguments) {
        return run("kubectl", arguments);
    }

    static String helm(String... arguments) {
        return run("helm", arguments);
    }

    /** Runs a program that may fail: both of its outputs together. */
    static Output attempt(String program, String... arguments) {
        try {
            Path output = Files.createTempFile("podwork-e2e", ".out");
            try {
                Process process = new ProcessBuilder(command(program, arguments))
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .directory(TestSettings.ROOT.toFile())
                        .start();
                process.getOutputStream().close();
                int code = process.waitFor();
                return new Output(code, Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(program + " must be on the PATH", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    record Output(int code, String text) {}

    private static String run(String program, String... arguments) {
        Output output = attempt(program, arguments);
        if (output.code() != 0) {
            throw new AssertionError(String.join(" ", command(program, arguments)) + " exited with " + output.code()
                    + ":\n" + output.text());
        }
        return output.text();
    }

    private static List<String> command(String program, String... arguments) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(program), List.of(arguments).stream())
                .toList();
    }
}
