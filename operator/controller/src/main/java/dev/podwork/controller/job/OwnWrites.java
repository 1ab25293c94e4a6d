package dev.podwork.controller.job;

import dev.podwork.api.job.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What this operator wrote and its informer has not brought back yet; deciding by anything older would repeat work, and waste a write
 * on a conflict. It also tells our writes from others': nobody else's sets a timer here.
 */
final class OwnWrites {

    private static final long NOTHING = -1;

    /** What the informer brought meanwhile: the write itself, perhaps, before its answer. */
    private final Map<ResourceID, Long> inFlight = new ConcurrentHashMap<>();

    private final Map<ResourceID, Job> written = new ConcurrentHashMap<>();

    /** Makes a write, and remembers the state that came of it. */
    void write(ResourceID id, Supplier<Job> request) {
        inFlight.put(id, NOTHING);
        try {
            written.put(id, request.get());
        } finally {
            long brought = inFlight.remove(id);
            written.computeIfPresent(id, (same, ours) -> brought >= version(ours) ? null : ours);
        }
    }

    /** The given state of a job, or our own later one. */
    Job newest(Job job) {
        Job ours = written.get(ResourceID.fromResource(job));
        return ours != null && isLater(ours, job) ? ours : job;
    }

    /**
     * The informer has caught up.
     *
     * @return whether another operator gave the job its status; while a write of ours is on its way, its conflict will tell
     */
    boolean seen(Job before, Job job) {
        ResourceID id = ResourceID.fromResource(job);
        boolean writing = inFlight.computeIfPresent(id, (same, brought) -> Math.max(brought, version(job))) != null;
        Job ours = written.get(id);
        boolean isOurs = writing || (ours != null && !isLater(job, ours));
        if (ours != null && !isLater(ours, job)) {
            written.remove(id, ours);
        }
        return !isOurs && !Objects.equals(before.getStatus(), job.getStatus());
    }

    /** Nothing more of it will be written. */
    void deleted(Job job) {
        written.remove(ResourceID.fromResource(job));
    }

    private static boolean isLater(Job one, Job other) {
        return one.getMetadata().getUid().equals(other.getMetadata().getUid()) && version(one) > version(other);
    }

    /** Opaque by the letter of the API, a rising number in every API server there is, and specified so since Kubernetes 1.35. */
    private static long version(Job job) {
        try {
            return Long.parseLong(job.getMetadata().getResourceVersion());
        } catch (NumberFormatException opaque) {
            return NOTHING;
        }
    }
}
