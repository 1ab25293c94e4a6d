package dev.podwork.core.retry;

import dev.podwork.api.attempt.FailureClass;
import dev.podwork.api.job.Reasons;
import java.util.Map;
import java.util.Optional;

/** Whose failures the reasons of failed attempts are. */
public final class FailureClasses {

    private static final Map<String, FailureClass> BY_REASON = Map.ofEntries(
            Map.entry(Reasons.WORKER_ERROR, FailureClass.WORKER),
            Map.entry(Reasons.NO_RESULT, FailureClass.WORKER),
            Map.entry(Reasons.NON_ZERO_EXIT, FailureClass.WORKER),
            Map.entry(Reasons.SIGNALLED, FailureClass.WORKER),
            Map.entry(Reasons.START_TIMEOUT, FailureClass.TIMEOUT),
            Map.entry(Reasons.ATTEMPT_TIMEOUT, FailureClass.TIMEOUT),
            Map.entry(Reasons.IDLE_TIMEOUT, FailureClass.TIMEOUT),
            Map.entry(Reasons.OUT_OF_MEMORY, FailureClass.OUT_OF_MEMORY),
            Map.entry(Reasons.POD_LOST, FailureClass.INFRASTRUCTURE),
            Map.entry(Reasons.IMAGE, FailureClass.IMAGE),
            Map.entry(Reasons.CONTAINER, FailureClass.IMAGE),
            Map.entry(Reasons.COMMAND_NOT_FOUND, FailureClass.IMAGE),
            Map.entry(Reasons.RESULT_NOT_SERIALIZABLE, FailureClass.PROTOCOL),
            Map.entry(Reasons.RESULT_TOO_LARGE, FailureClass.PROTOCOL));

    private FailureClasses() {}

    /** Empty when it is the job that has ended, not only an attempt. */
    public static Optional<FailureClass> of(String reason) {
        return Optional.ofNullable(BY_REASON.get(reason));
    }
}
