package dev.podwork.core.model;

import dev.podwork.api.job.Job;
import dev.podwork.api.worker.WorkerDefinition;
import dev.podwork.core.attempt.AttemptReport;
import dev.podwork.core.job.JobSnapshot;
import dev.podwork.core.pod.PodEnd;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that an operator knows and would lose: caches, reports, timers, and what it was just about to do. */
final class Memory {

    final Instant watching;
    final Map<String, Pod> pods = new LinkedHashMap<>();
    final Map<String, Instant> endSeen = new HashMap<>();
    final Map<String, Session> sessions = new LinkedHashMap<>();

    int jobsSeen;
    int podsSeen;
    int definitionsSeen;

    @Nullable
    Job informed;

    @Nullable
    Job written;

    @Nullable
    WorkerDefinition definition;

    @Nullable
    AttemptReport report;

    /** When to decide anew, by the operator's own clock; and when that is in truth. */
    @Nullable
    Instant wakeBy;

    long timer = PodRun.NEVER;
    boolean woken;

    @Nullable
    Runnable next;

    Memory(Instant watching) {
        this.watching = watching;
    }

    /** Never older than the operator's own last write. */
    @Nullable
    Job newest() {
        return isAhead() ? written : informed;
    }

    /** The watch has not brought the operator's own last write yet. */
    boolean isAhead() {
        Job seen = informed;
        Job ours = written;
        return seen != null && ours != null && uid(ours).equals(uid(seen)) && version(ours) > version(seen);
    }

    boolean isActive() {
        Job job = newest();
        return job != null && !isEnded(job);
    }

    boolean isEnded() {
        Job job = newest();
        return job != null && isEnded(job);
    }

    static boolean isEnded(Job job) {
        var phase = JobSnapshot.statusOf(job).phase();
        return phase != null && phase.isTerminal();
    }

    /** When the pod was first seen to have ended. */
    @Nullable
    Instant endSeen(Pod pod, Instant now) {
        return PodEnd.of(pod).isEmpty()
                ? null
                : endSeen.computeIfAbsent(pod.getMetadata().getUid(), uid -> now);
    }

    static String uid(HasMetadata object) {
        return object.getMetadata().getUid();
    }

    static long version(HasMetadata object) {
        return Long.parseLong(object.getMetadata().getResourceVersion());
    }
}
