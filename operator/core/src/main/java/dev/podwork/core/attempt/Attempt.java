package dev.podwork.core.attempt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podwork.api.job.AttemptStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import org.jspecify.annotations.Nullable;

/**
 * What a session with a pod needs to know of its attempt.
 *
 * @param execute the params of the worker's {@code execute} request
 * @param flowId the flow whose state the attempt shares; null when its state is the job's own
 * @param jobReference owner reference to the Job (not a controller), for objects that must go with it
 * @param recorded what the Job's status already says of this attempt; null before its first record
 * @param end why its worker must stop; null while the attempt goes on
 * @param grace how long the worker has to stop then
 */
public record Attempt(
        AttemptKey key,
        ObjectNode execute,
        @Nullable String flowId,
        OwnerReference jobReference,
        @Nullable AttemptStatus recorded,
        @Nullable AttemptEnd end,
        EndGrace grace) {

    /** Whether the attempt has ended or is superseded. */
    public boolean over() {
        return end != null;
    }
}
