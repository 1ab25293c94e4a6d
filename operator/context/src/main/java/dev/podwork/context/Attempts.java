package dev.podwork.context;

import dev.podwork.core.attempt.Attempt;
import dev.podwork.core.attempt.AttemptReport;
import java.util.Optional;

/** What the context server needs of the rest of the operator. Called on the server's event loop: must not block. */
public interface Attempts {

    /** The attempt that a pod carries out, from memory; empty when there is no such pod, or the name is another pod's by now. */
    Optional<Attempt> find(String namespace, String podName, String podUid);

    /**
     * Takes what is heard of an attempt. Once it is in the Job's status, {@link ContextServer#recorded} must be called with the
     * report's sequence, or a later one's. The worker is given the job when that it has it is recorded, and not before.
     */
    void report(AttemptReport report);
}
