package dev.podwork.core.pod;

import java.util.Map;

/** Names of the signals that end processes, for containers whose shim could not say it. */
final class Signals {

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "SIGHUP"),
            Map.entry(2, "SIGINT"),
            Map.entry(3, "SIGQUIT"),
            Map.entry(4, "SIGILL"),
            Map.entry(6, "SIGABRT"),
            Map.entry(7, "SIGBUS"),
            Map.entry(8, "SIGFPE"),
            Map.entry(9, "SIGKILL"),
            Map.entry(11, "SIGSEGV"),
            Map.entry(13, "SIGPIPE"),
            Map.entry(14, "SIGALRM"),
            Map.entry(15, "SIGTERM"));

    private static final int SIGNALLED = 128;

    private Signals() {}

    /** Empty when no signal is behind the code. */
    static String ofExitCode(int code) {
        return NAMES.getOrDefault(code - SIGNALLED, "");
    }
}
