package dev.podwork.protocol.relay;

import java.util.List;

/** How a worker's process ended, bounded as the relay protocol says, whoever wrote it. */
public record ExitReport(int code, String signal, boolean oomKilled, String error, List<String> stderrTail) {
    static final int TAIL_LINES = 20;
    static final int TAIL_LINE_LENGTH = 1024;
    static final int TAIL_LENGTH = 8 * 1024;
    static final int ERROR_LENGTH = 1024;
    static final int SIGNAL_LENGTH = 32;

    public ExitReport {
        stderrTail = List.copyOf(stderrTail);
    }
}
