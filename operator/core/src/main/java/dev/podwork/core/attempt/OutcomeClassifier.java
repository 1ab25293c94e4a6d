package dev.podwork.core.attempt;

import dev.podwork.api.job.JobError;
import dev.podwork.api.job.Reasons;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what an outcome means: which reason, in which words. */
public final class OutcomeClassifier {

    /** A status is read in a terminal; all lines are in the attempt's {@code stderrTail}. */
    private static final int LINES_IN_MESSAGE = 5;

    private static final int MAX_MESSAGE = 1024;

    private OutcomeClassifier() {}

    public static Classification classify(Outcome outcome) {
        if (outcome instanceof Outcome.Result result) {
            return new Classification(
                    Reasons.SUCCEEDED, "The worker returned a result", result.value(), null, null, null, List.of());
        }
        if (outcome instanceof Outcome.Failure failure) {
            return failed(failure.reason(), told(failure.error()), failure.error(), failure.exit());
        }
        return exited(((Outcome.Exited) outcome).exit());
    }

    private static Classification exited(Exit exit) {
        String reason = reason(exit);
        String message = withStderr(ending(reason, exit), exit.stderrTail());
        return failed(reason, message, Classification.error(reason, message), exit);
    }

    private static String reason(Exit exit) {
        if (!exit.error().isEmpty()) {
            return Reasons.COMMAND_NOT_FOUND;
        }
        if (exit.oomKilled()) {
            return Reasons.OUT_OF_MEMORY;
        }
        if (!exit.signal().isEmpty()) {
            return Reasons.SIGNALLED;
        }
        return exit.code() == 0 ? Reasons.NO_RESULT : Reasons.NON_ZERO_EXIT;
    }

    private static String ending(String reason, Exit exit) {
        return switch (reason) {
            case Reasons.COMMAND_NOT_FOUND -> "The worker could not be started: %s".formatted(exit.error());
            case Reasons.OUT_OF_MEMORY ->
                ("The worker was killed for want of memory (exit code %d); raise the memory limit of"
                                + " the container named worker in the WorkerDefinition's template")
                        .formatted(exit.code());
            case Reasons.SIGNALLED ->
                "The worker was ended by %s (exit code %d) before it gave a result"
                        .formatted(exit.signal(), exit.code());
            case Reasons.NO_RESULT -> "The worker exited with code 0 and gave no result";
            default -> "The worker exited with code %d and gave no result".formatted(exit.code());
        };
    }

    private static String withStderr(String ending, List<String> stderrTail) {
        if (stderrTail.isEmpty()) {
            return ending;
        }
        List<String> last = stderrTail.subList(Math.max(0, stderrTail.size() - LINES_IN_MESSAGE), stderrTail.size());
        return shorten(ending + ". Its last words on stderr:\n" + String.join("\n", last));
    }

    private static String told(JobError error) {
        return shorten(error.type() + ": " + error.message());
    }

    private static String shorten(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 1) + "…";
    }

    private static Classification failed(String reason, String message, JobError error, @Nullable Exit exit) {
        return exit == null
                ? new Classification(reason, message, null, error, null, null, List.of())
                : new Classification(
                        reason,
                        message,
                        null,
                        error,
                        exit.code(),
                        exit.signal().isEmpty() ? null : exit.signal(),
                        exit.stderrTail());
    }
}
