package dev.podwork.core.pod;

import dev.podwork.api.job.Job;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** References of objects to the Job that they go with. */
public final class Ownership {

    private Ownership() {}

    /** For pods: the Job is their controller. */
    public static OwnerReference controlling(Job job) {
        return reference(job).withController(true).withBlockOwnerDeletion(true).build();
    }

    /** For whatever else must go with the Job. */
    public static OwnerReference of(Job job) {
        return reference(job).build();
    }

    /** By UID: a Job of the same name that was deleted and created anew is another one. */
    public static boolean isControlledBy(HasMetadata object, Job job) {
        return object.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController())
                        && job.getMetadata().getUid().equals(owner.getUid()));
    }

    private static OwnerReferenceBuilder reference(Job job) {
        return new OwnerReferenceBuilder()
                .withApiVersion(job.getApiVersion())
                .withKind(job.getKind())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid());
    }
}
