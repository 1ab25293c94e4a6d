package dev.podwork.core.job;

import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.worker.WorkerReadiness;
import org.jspecify.annotations.Nullable;

/** How many jobs may have a slot of a definition at once. */
public final class ConcurrencyLimit {

    private ConcurrencyLimit() {}

    /** None while nothing could start anyway: whoever got a slot would only give it back. */
    public static int of(@Nullable WorkerDefinition definition) {
        if (definition == null || WorkerReadiness.problem(definition).isPresent()) {
            return 0;
        }
        Integer limit = definition.getSpec().concurrency();
        return limit == null ? Integer.MAX_VALUE : limit;
    }
}
