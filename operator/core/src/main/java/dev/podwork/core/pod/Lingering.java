package dev.podwork.core.pod;

import dev.podwork.core.attempt.EndGrace;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A pod that outlives its attempt. Its session tells its worker to end; when that can't be heard, or isn't obeyed, the pod is
 * deleted, and the kubelet ends it.
 */
public final class Lingering {

    /** What a shim may need beyond its grace: to be told, and to tell. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private Lingering() {}

    /** Whether nothing takes the pod away yet, and its worker may still do something. */
    public static boolean is(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && PodEnd.of(pod).isEmpty();
    }

    /**
     * When to delete the pod of an attempt that has ended.
     *
     * @param started when its worker had the job; null when it never had, so that there is nothing to wait for
     */
    public static Instant due(Pod pod, @Nullable Instant started, Instant ended) {
        return started == null ? ended : ended.plus(EndGrace.of(pod).total()).plus(SLACK);
    }
}
