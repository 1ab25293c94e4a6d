package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a worker's process ended, as its shim saw it; also the form of the container's termination message.
 *
 * @param code exit code; 128 and the signal's number after a signal; 127 or 126 with {@code error} when the command could
 *     not be started
 * @param signal name of the signal, empty when none ended it
 * @param oomKilled the kernel killed a process of the container for want of memory
 * @param error why the worker could not be started, empty otherwise
 * @param stderrTail the last lines of stderr
 * @param response the worker's answer to {@code execute}, when nobody had acknowledged it; only in termination messages
 */
public record Exit(
        int code,
        String signal,
        boolean oomKilled,
        String error,
        List<String> stderrTail,
        @Nullable JsonNode response) {

    public Exit {
        signal = signal == null ? "" : signal;
        error = error == null ? "" : error;
        stderrTail = stderrTail == null ? List.of() : List.copyOf(stderrTail);
    }
}
