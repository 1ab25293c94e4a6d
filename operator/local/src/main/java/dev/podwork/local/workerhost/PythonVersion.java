package dev.podwork.local.workerhost;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which Python a worker is for. */
record PythonVersion(int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("^(\\d)\\.(\\d{1,2})(\\..*)?$");
    /** As people name virtual environments and interpreters: {@code venv27}, {@code python3.10}. */
    private static final Pattern IN_PATH = Pattern.compile("(?:venv|python|py)-?(\\d)\\.?(\\d{1,2})(?!\\d)");

    /** The oldest that the launcher runs on. */
    private static final int LAUNCHER_MAJOR = 3;

    private static final int LAUNCHER_MINOR = 8;

    /** What the worker's metadata says, or else its interpreter's path; empty where neither does. */
    static Optional<PythonVersion> of(@Nullable Field metadata, String venvPython) {
        return Optional.ofNullable(metadata)
                .flatMap(Field::text)
                .map(VERSION::matcher)
                .filter(Matcher::matches)
                .or(() -> Optional.of(IN_PATH.matcher(venvPython)).filter(Matcher::find))
                .map(match -> new PythonVersion(Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2))));
    }

    boolean runsLauncher() {
        return major > LAUNCHER_MAJOR || (major == LAUNCHER_MAJOR && minor >= LAUNCHER_MINOR);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
