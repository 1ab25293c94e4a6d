package dev.podwork.core.worker;

import dev.podwork.api.worker.Readiness;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Optional;

/** Whether jobs can run with a definition as it is now. */
public final class WorkerReadiness {

    private WorkerReadiness() {}

    /** What keeps it from being ready; empty when it is. */
    public static Optional<String> problem(WorkerDefinition definition) {
        String name = definition.getMetadata().getName();
        Optional<Condition> ready = Optional.ofNullable(definition.getStatus())
                .filter(status -> isObserved(definition))
                .flatMap(status -> status.conditions().stream()
                        .filter(condition -> Readiness.CONDITION.equals(condition.getType()))
                        .findFirst());
        if (ready.isEmpty()) {
            return Optional.of("WorkerDefinition %s has not been checked yet".formatted(name));
        }
        return ready.filter(condition -> !"True".equals(condition.getStatus()))
                .map(condition -> "WorkerDefinition %s is not ready: %s".formatted(name, condition.getMessage()));
    }

    /** Whether a definition's status is about its spec as it is now. */
    static boolean isObserved(WorkerDefinition definition) {
        return definition.getStatus() != null
                && definition.getStatus().observedGeneration() != null
                && definition
                        .getStatus()
                        .observedGeneration()
                        .equals(definition.getMetadata().getGeneration());
    }
}
