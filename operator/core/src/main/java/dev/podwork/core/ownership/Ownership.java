package dev.podwork.core.ownership;

import dev.podwork.api.Labels;
import dev.podwork.api.worker.WorkerDefinition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Map;

/** How objects say with which Job or WorkerDefinition they go. */
public final class Ownership {

    private Ownership() {}

    /** For what its owner alone makes and minds. */
    public static OwnerReference controlling(HasMetadata owner) {
        return reference(owner)
                .withController(true)
                .withBlockOwnerDeletion(true)
                .build();
    }

    /** For whatever else must go with its owner. */
    public static OwnerReference of(HasMetadata owner) {
        return reference(owner).build();
    }

    /** By UID: an owner of the same name that was deleted and created anew is another one. */
    public static boolean isControlledBy(HasMetadata object, HasMetadata owner) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(reference -> Boolean.TRUE.equals(reference.getController())
                        && owner.getMetadata().getUid().equals(reference.getUid()));
    }

    /** To find what goes with a definition by; what went with a deleted one of the same name has the same. */
    public static Map<String, String> labels(WorkerDefinition definition) {
        return Map.of(
                Labels.MANAGED_BY,
                Labels.MANAGED_BY_PODWORK,
                Labels.WORKER,
                definition.getMetadata().getName());
    }

    private static OwnerReferenceBuilder reference(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid());
    }
}
